import mongoose from 'mongoose';
import { gathered } from '../gather.ts';
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
