import mongoose from 'mongoose';
import { countedFields, gathered, restOn, restOnUnknown } from '../grounds.ts';

type Plain = Record<string, unknown>;

/** Values in a filter with counters of their own; more of them than this are taken for the whole collection. */
const mostValues = 200;

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | null => {
	if (typeof value === 'string') return value;
	return value instanceof mongoose.Types.ObjectId ? value.toHexString() : null;
};

/** The values a field must have to fit, or null where that cannot be told. */
const valuesOf = (wanted: unknown): string[] | null => {
	const one = textOf(wanted);
	if (one !== null) return [one];
	if (!isPlain(wanted) || !Array.isArray(wanted.$in) || wanted.$in.length > mostValues) return null;
	const texts = wanted.$in.map(textOf);
	return texts.includes(null) ? null : (texts as string[]);
};

/** Notes which documents a filter may find. */
export const noteFilter = (database: string, collection: string, filter: unknown): void => {
	const namespace = `${database}.${collection}`;
	if (isPlain(filter))
		for (const field of ['_id', ...(countedFields[collection] ?? [])]) {
			const values = Object.hasOwn(filter, field) ? valuesOf(filter[field]) : null;
			if (!values) continue;
			for (const value of values) restOn(namespace, field, value);
			return;
		}
	restOn(namespace);
};

/** Notes the collections a pipeline reads besides its own; what it writes nobody foresees. */
const noteStages = (database: string, value: unknown): void => {
	if (Array.isArray(value)) {
		for (const item of value) noteStages(database, item);
		return;
	}
	if (!isPlain(value) || Object.getPrototypeOf(value) !== Object.prototype) return;
	for (const [name, inner] of Object.entries(value)) {
		if (name === '$out' || name === '$merge') restOnUnknown();
		const other = name === '$unionWith' ? (typeof inner === 'string' ? inner : (inner as Plain).coll) : null;
		const joined = name === '$lookup' || name === '$graphLookup' ? (inner as Plain).from : null;
		for (const from of [other, joined]) if (typeof from === 'string') restOn(`${database}.${from}`);
		noteStages(database, inner);
	}
};

const noteRead = (database: string, collection: string, name: string, args: readonly unknown[]): void => {
	if (name === 'aggregate') {
		const [first] = args as [Plain[] | undefined];
		noteFilter(database, collection, first?.[0]?.$match);
		noteStages(database, first);
	} else if (name === 'estimatedDocumentCount') noteFilter(database, collection, {});
	else noteFilter(database, collection, name === 'distinct' ? args[1] : args[0]);
};

const reading = ['find', 'findOne', 'aggregate', 'countDocuments', 'estimatedDocumentCount', 'distinct'] as const;
const writing = [
	'insertOne', 'insertMany', 'bulkWrite', 'updateOne', 'updateMany', 'replaceOne', 'deleteOne', 'deleteMany', 'findOneAndDelete',
	'findOneAndReplace', 'findOneAndUpdate', 'initializeOrderedBulkOp', 'initializeUnorderedBulkOp', 'watch'
] as const;

type Method = (this: { dbName: string; collectionName: string }, ...args: unknown[]) => unknown;

/**
 * Lets the driver tell what it reads while somebody gathers grounds. Every read goes through one of these methods,
 * Mongoose's and GridFS's too; `readRows`, which asks the database directly, tells by itself.
 */
export const noteReads = (): void => {
	const methods = mongoose.mongo.Collection.prototype as unknown as Record<string, Method>;
	const wrap = (name: string, note: (database: string, collection: string, args: unknown[]) => void): void => {
		const plain = methods[name];
		if (!plain) throw new Error(`The driver has no ${name}.`);
		methods[name] = function (...args) {
			if (gathered()) note(this.dbName, this.collectionName, args);
			return plain.apply(this, args);
		};
	};
	for (const name of reading) wrap(name, (database, collection, args) => noteRead(database, collection, name, args));
	for (const name of writing) wrap(name, restOnUnknown);
};
