import mongoose from 'mongoose';

export { Schema } from 'mongoose';
export type { Model, QueryFilter, AnyBulkWriteOperation, UpdateQuery } from 'mongoose';

/**
 * Registers a model once; development servers load modules again after a change, then the new schema wins.
 * Documents are read with `lean()` and written with conditional updates, so Mongoose's own version key is off.
 */
export const defineModel = <T>(name: string, collection: string, schema: mongoose.Schema<T>): mongoose.Model<T> => {
	if (mongoose.modelNames().includes(name)) mongoose.deleteModel(name);
	schema.set('versionKey', false);
	schema.set('collection', collection);
	schema.set('minimize', false);
	return mongoose.model<T>(name, schema);
};

/** Whether an error is the server's refusal of a second document under a unique index. */
export const isDuplicateKey = (error: unknown): boolean =>
	typeof error === 'object' && error !== null && 'code' in error && error.code === 11000;
