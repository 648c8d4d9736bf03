import mongoose from 'mongoose';
import { gathered } from '../gather.ts';
import type { Id } from './ids.ts';
import { isDuplicateKey } from './model.ts';

/** The part of a model these need: nothing is cast, so what is given must be what is to be stored. */
type Collected = { collection: mongoose.Collection };

type WriteError = { index: number; code: number; errmsg?: string };

/**
 * What the database refused of several writes; the others are made. Throws where nobody can tell: a lost connection, or a
 * promise to be durable that was not kept.
 */
const refusedOf = (error: unknown): WriteError[] => {
	if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error;
	const { writeErrors, result } = error;
	const refused = Array.isArray(writeErrors) ? writeErrors : [writeErrors];
	if (refused.length === 0 || result.getWriteConcernError()) throw error;
	return refused;
};

const faultOf = ({ code, errmsg }: WriteError): Error => new mongoose.mongo.MongoServerError({ message: errmsg, code });

/**
 * Inserts documents, those of the same moment together. False where a unique index holds another one in its place; every
 * document's fate is its own.
 */
export const gatheredInserts = <Document extends object>(model: Collected): ((document: Document) => Promise<boolean>) =>
	gathered<Document, boolean>(async (documents) => {
		const [first] = documents;
		try {
			if (first && documents.length === 1) await model.collection.insertOne(first);
			else await model.collection.insertMany([...documents], { ordered: false });
			return documents.map(() => true);
		} catch (error) {
			if (documents.length === 1 && isDuplicateKey(error)) return [false];
			const refused = new Map(refusedOf(error).map((one) => [one.index, one]));
			return documents.map((_document, at) => {
				const one = refused.get(at);
				if (!one) return true;
				return isDuplicateKey(one) ? false : faultOf(one);
			});
		}
	});

/** Reads documents by id, those of the same moment together; null for what is not there. As stored: nothing is cast. */
export const gatheredReads = <Document extends { _id: Id }>(model: Collected): ((id: Id) => Promise<Document | null>) =>
	gathered<Id, Document | null>(async (ids) => {
		const found = await model.collection.find<Document>({ _id: { $in: [...ids] } }).toArray();
		const byId = new Map(found.map((document) => [document._id.toHexString(), document]));
		return ids.map((id) => byId.get(id.toHexString()) ?? null);
	});

/** The fields to set on the one document that still is as the filter says. */
export type ConditionalUpdate<Document> = { filter: mongoose.mongo.Filter<Document>; set: Partial<Document> };

/**
 * Updates documents on a condition, those of the same moment together. True: it is made. False: look at the document, for
 * either it no longer was as the filter says, or one of those sent along was not and the database's count does not tell
 * which. So the caller must recognize his own write.
 */
export const gatheredUpdates = <Document extends object>(model: Collected): ((update: ConditionalUpdate<Document>) => Promise<boolean>) =>
	gathered<ConditionalUpdate<Document>, boolean>(async (updates) => {
		const writes = updates.map(({ filter, set }) => ({ filter: filter as mongoose.mongo.Filter<mongoose.mongo.Document>, update: { $set: set } }));
		const [first] = writes;
		if (first && writes.length === 1) return [(await model.collection.updateOne(first.filter, first.update)).matchedCount > 0];
		try {
			const { matchedCount } = await model.collection.bulkWrite(
				writes.map((updateOne) => ({ updateOne })),
				{ ordered: false }
			);
			return writes.map(() => matchedCount === writes.length);
		} catch (error) {
			const refused = new Map(refusedOf(error).map((one) => [one.index, one]));
			return writes.map((_write, at) => {
				const one = refused.get(at);
				return one ? faultOf(one) : false;
			});
		}
	});
