import mongoose from 'mongoose';
import type { QueryFilter } from './model.ts';
import { noteFilter } from './noted-reads.ts';

type Rows<T> = {
	/** Values as stored: ids as ObjectIds. Nothing is cast. */
	filter: QueryFilter<T>;
	/** Fields of a row, each 1; `_id` is always there. */
	fields: Readonly<Record<string, 1>>;
	sort?: Record<string, 1 | -1>;
	/** Rows at most; all of them come in one answer of 16 MB, so keep the fields narrow. */
	limit: number;
};

/**
 * Reads narrow rows for a list as one command, decoded in one go: less than half the work of a cursor. When the server
 * cannot answer, the ordinary way is taken, which tries twice. `Row` says what the fields hold.
 */
export const readRows = async <Row, T>(model: mongoose.Model<T>, { filter, fields, sort = {}, limit }: Rows<T>): Promise<Row[]> => {
	const { db } = mongoose.connection;
	if (db) {
		noteFilter(db.databaseName, model.collection.collectionName, filter);
		try {
			const answer = await db.command({
				find: model.collection.collectionName,
				filter,
				projection: fields,
				...(Object.keys(sort).length > 0 ? { sort } : {}),
				limit,
				batchSize: limit,
				singleBatch: true
			});
			return (answer.cursor as { firstBatch: Row[] }).firstBatch;
		} catch {
			// Said by the ordinary way, if it is still so.
		}
	}
	return model.find(filter, fields).sort(sort).limit(limit).lean<Row[]>();
};
