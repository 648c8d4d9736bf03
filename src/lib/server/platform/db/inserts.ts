import mongoose from 'mongoose';
import { isDuplicateKey } from './model.ts';

/**
 * Inserts documents in their order up to the first whose place in a unique index another one has, and answers how many are
 * in. As given: nothing is cast. Throws where nobody can tell: a lost connection, or a promise to be durable that was not kept.
 */
export const insertUntilTaken = async <Document extends object>(
	model: { collection: mongoose.Collection },
	documents: readonly Document[]
): Promise<number> => {
	try {
		await model.collection.insertMany([...documents], { ordered: true });
		return documents.length;
	} catch (error) {
		if (!(error instanceof mongoose.mongo.MongoBulkWriteError) || !isDuplicateKey(error)) throw error;
		if (error.result.getWriteConcernError()) throw error;
		return error.insertedCount;
	}
};
