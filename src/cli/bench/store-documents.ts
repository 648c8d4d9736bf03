/** What the store's benchmark stores. */
import { ObjectId } from 'mongodb';

export type BenchDocument = { _id: ObjectId; group: number; rank: number; name: string; tags: string[]; at: Date; count: number; text: string };

/** Groups the documents of a collection fall into, evenly. */
export const GROUPS = 100;

/** Ids in a row, as a driver makes them, but the same each time. */
export const idOf = (number: number): ObjectId => new ObjectId(`5f5e100${'0'.repeat(9)}${number.toString(16).padStart(8, '0')}`);

const text = '社区微创投 the quick brown fox jumps over the lazy dog; '.repeat(14);

/** A document of about 1 kB. */
export const documentOf = (number: number): BenchDocument => ({
	_id: idOf(number),
	group: number % GROUPS,
	rank: (number * 7919) % 1_000_003,
	name: `document ${number}`,
	tags: ['one', 'two', `t${number % 17}`],
	at: new Date(1_600_000_000_000 + number * 1000),
	count: 0,
	text: text.slice(0, 720)
});
