/** Makes frames no honest client sends, from a seed, for tests. */
import { BSONRegExp, Decimal128, Long, MaxKey, MinKey, ObjectId, serialize, Timestamp } from 'bson';
import { crc32c } from './crc32c.ts';

export type Random = () => number;

/** A small generator with a seed, so that a failure can be repeated (mulberry32). */
export function random(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** An OP_MSG of a command document given as bytes. */
export function frame(body: Uint8Array, checksum = false): Buffer {
	const message = Buffer.alloc(21 + body.length + (checksum ? 4 : 0));
	message.writeInt32LE(message.length, 0);
	message.writeInt32LE(7, 4);
	message.writeInt32LE(2013, 12);
	message.writeUInt32LE(checksum ? 1 : 0, 16);
	message.set(body, 21);
	if (checksum) message.writeUInt32LE(crc32c(message.subarray(0, message.length - 4)), message.length - 4);
	return message;
}

export function opMsg(command: Record<string, unknown>, checksum = false): Buffer {
	return frame(serialize({ ...command, $db: 'fuzz' }), checksum);
}

const GROUP = { $group: { _id: '$a', n: { $sum: 1 }, all: { $push: '$b' } } };

/** Honest commands, to be damaged. */
const COMMANDS: Record<string, unknown>[] = [
	{ ping: 1 },
	{ hello: 1 },
	{ insert: 'f', documents: [{ a: 1, b: { c: ['x', 2.5] } }] },
	{ insert: 'f', documents: [{ a: Long.fromNumber(5), d: new Date(0), t: new Timestamp({ t: 0, i: 0 }), r: /x/i }, { b: [[1], { c: null }] }] },
	{ find: 'f', filter: { a: { $gte: 0 } }, sort: { b: 1 }, projection: { a: 1 }, limit: 5 },
	{ find: 'f', filter: { $or: [{ a: 1 }, { 'b.c': { $in: ['x', /y/] } }] }, batchSize: 2 },
	{ find: 'f', filter: { b: { $elemMatch: { c: { $exists: true } } } }, hint: { _id: 1 }, skip: 1, collation: { locale: 'en', strength: 2 } },
	{ update: 'f', updates: [{ q: { a: 1 }, u: { $inc: { n: 1 }, $push: { p: { $each: [1, 2], $slice: -3 } } } }] },
	{ update: 'f', updates: [{ q: { a: 3 }, u: [{ $set: { s: { $add: ['$a', 1] } } }], upsert: true, multi: false }] },
	{ delete: 'f', deletes: [{ q: { a: { $gt: 1 } }, limit: 1 }] },
	{ findAndModify: 'f', query: { a: 1 }, update: { $set: { 'b.c': 1 } }, new: true },
	{ aggregate: 'f', pipeline: [{ $match: { a: 1 } }, GROUP, { $sort: { n: -1 } }], cursor: {} },
	{ aggregate: 'f', pipeline: [{ $unwind: '$b.c' }, { $lookup: { from: 'f', localField: 'a', foreignField: 'a', as: 'x' } }, { $limit: 3 }], cursor: { batchSize: 1 } },
	{ createIndexes: 'f', indexes: [{ key: { a: 1, 'b.c': -1 }, name: 'i', sparse: true }] },
	{ dropIndexes: 'f', index: 'i' },
	{ count: 'f', query: { a: 1 } },
	{ distinct: 'f', key: 'b.c' },
	{ getMore: Long.fromNumber(5), collection: 'f' },
	{ killCursors: 'f', cursors: [Long.fromNumber(5)] },
	{ explain: { find: 'f', filter: { a: 1 } }, verbosity: 'executionStats' },
	{ listCollections: 1 },
	{ listIndexes: 'f' },
	{ collMod: 'f', validator: {} },
	{ drop: 'g' },
	{ unknown: 1 }
];

const WORDS = [
	'a', 'b', 'b.c', '_id', '', '.', 'a..b', '$', '$$ROOT', '$a', '$in', '$nin', '$or', '$and', '$nor', '$not', '$eq', '$gt', '$regex', '$options',
	'$elemMatch', '$size', '$type', '$mod', '$all', '$expr', '$jsonSchema', '$where', '$text', '$set', '$unset', '$inc', '$mul', '$min', '$push', '$pull',
	'$each', '$slice', '$sort', '$position', '$rename', '$bit', '$match', '$group', '$project', '$unwind', '$facet', '$lookup', '$limit', '$skip', '$count',
	'$sum', '$avg', '$concat', '$cond', '$switch', '$map', '$reduce', '$range', '$literal', '$dateToString', '$toInt', '$bucket', '$sample', '$replaceRoot',
	'__proto__', 'constructor', 'toString', 'length', '0', '1', '\u{1f331}', 'é', 'from', 'as', 'in', 'input', 'let', 'key', 'name', 'locale', 'path'
];

const pick = <T>(next: Random, items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;

/** A value of any type, now and then a large or an odd one. */
function value(next: Random, depth: number): unknown {
	const kind = Math.floor(next() * (depth > 3 ? 14 : 20));
	switch (kind) {
		case 0:
			return null;
		case 1:
			return next() < 0.5;
		case 2:
			return pick(next, [0, -0, 1, -1, 1e308, NaN, Infinity, -Infinity, 0.1, 2147483648, -9007199254740993]);
		case 3:
			return Math.floor(next() * 100);
		case 4:
			return pick(next, [Long.MAX_VALUE, Long.MIN_VALUE, Long.fromNumber(-1), Long.fromNumber(3)]);
		case 5:
			return Decimal128.fromString(pick(next, ['NaN', 'Infinity', '1E+6144', '-0', '0.1', '9999999999999999999999999999999999']));
		case 6:
			return new Date(pick(next, [0, 8.64e15, -8.64e15, 1.7e12]));
		case 7:
			return new BSONRegExp(pick(next, ['a', '(a+)+$', '^', '[', '\\p{L}', '(?<n>x)']), pick(next, ['', 'i', 'msx']));
		case 8:
			return ObjectId.createFromTime(Math.floor(next() * 1e9));
		case 9:
			return pick(next, [new MinKey(), new MaxKey(), new Timestamp({ t: 1, i: 2 }), Buffer.alloc(Math.floor(next() * 30), 7)]);
		case 10:
			return pick(next, WORDS).repeat(1 + Math.floor(next() * 3));
		case 11:
			return `$${pick(next, WORDS)}`;
		case 12:
			return 'x'.repeat(Math.floor(next() * 3000));
		case 13:
			return pick(next, WORDS);
		case 14:
		case 15:
			return Array.from({ length: Math.floor(next() * 4) }, () => value(next, depth + 1));
		default:
			return object(next, depth + 1);
	}
}

function object(next: Random, depth = 0): Record<string, unknown> {
	const made: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
	const fields = Math.floor(next() * 4);
	for (let i = 0; i < fields; i++) made[pick(next, WORDS)] = value(next, depth);
	return made;
}

/** Well-formed frames with arguments nobody means. */
function nonsense(next: Random): Buffer {
	const objects = (): Record<string, unknown>[] => Array.from({ length: 1 + Math.floor(next() * 3) }, () => object(next));
	const filter = object(next);
	const command = pick<() => Record<string, unknown>>(next, [
		() => ({ insert: 'f', documents: objects(), ordered: next() < 0.5 }),
		() => ({ find: 'f', filter, sort: object(next), projection: object(next) }),
		() => ({ find: 'f', filter, limit: value(next, 9), batchSize: 3 }),
		() => ({ update: 'f', updates: [{ q: filter, u: object(next), upsert: next() < 0.1, multi: next() < 0.3, arrayFilters: objects() }] }),
		() => ({ update: 'f', updates: [{ q: filter, u: { [pick(next, ['$set', '$inc', '$push', '$pull', '$unset', '$rename'])]: object(next) } }] }),
		() => ({ update: 'f', updates: [{ q: filter, u: objects() }] }),
		() => ({ delete: 'f', deletes: [{ q: filter, limit: 1 }] }),
		() => ({ findAndModify: 'f', query: filter, update: object(next), fields: object(next), sort: object(next) }),
		() => ({ aggregate: 'f', pipeline: objects(), cursor: {} }),
		() => ({ aggregate: 'f', pipeline: [{ [pick(next, ['$match', '$project', '$set', '$group', '$sort', '$unwind', '$facet'])]: object(next) }], cursor: {} }),
		() => ({ aggregate: 'f', pipeline: [{ $project: { x: object(next) } }], cursor: { batchSize: value(next, 9) } }),
		() => ({ createIndexes: 'g', indexes: [{ key: object(next), name: value(next, 9), partialFilterExpression: filter }] }),
		() => ({ count: 'f', query: filter, hint: value(next, 2) }),
		() => ({ distinct: 'f', key: value(next, 9), query: filter }),
		() => ({ explain: { find: 'f', filter }, verbosity: pick(next, WORDS) }),
		() => ({ [pick(next, WORDS)]: value(next, 0), ...object(next) })
	])();
	try {
		return opMsg(command);
	} catch {
		// What the client's own serializer refuses never leaves it.
		return opMsg({ ping: value(next, 9) });
	}
}

/** A document nested so many levels deep, as bytes, since serializers have limits of their own. */
export function nested(levels: number, array = false): Buffer {
	const bytes = Buffer.alloc(8 * levels + 5);
	for (let i = 0; i < levels; i++) {
		const at = i * 7;
		bytes.writeInt32LE(8 * (levels - i) + 5, at);
		bytes[at + 4] = array ? 4 : 3;
		bytes[at + 5] = array ? 0x30 : 0x61;
	}
	bytes.writeInt32LE(5, 7 * levels);
	return bytes;
}

function deep(next: Random): Buffer {
	const inner = nested(50 + Math.floor(next() * 400), next() < 0.5);
	const name = pick(next, ['filter', 'sort', 'projection', 'let']);
	const head = Buffer.from(serialize({ find: 'f', $db: 'fuzz' }));
	const body = Buffer.concat([head.subarray(0, -1), Buffer.of(3), Buffer.from(`${name}\0`), inner, Buffer.of(0)]);
	body.writeInt32LE(body.length, 0);
	return frame(body);
}

/** An honest frame with a few bytes changed, its framing left alone so that the damage reaches the inner parsers. */
function damaged(next: Random, honest: readonly Buffer[]): Buffer {
	const message = Buffer.from(pick(next, honest));
	const changes = 1 + Math.floor(next() * 4);
	for (let i = 0; i < changes; i++) {
		const at = 25 + Math.floor(next() * (message.length - 26));
		message[at] = next() < 0.5 ? Math.floor(next() * 256) : pick(next, [0, 1, 2, 3, 4, 0x7f, 0x80, 0xff]);
	}
	return message;
}

/** Frames after which a connection cannot go on. */
function fatal(next: Random, honest: readonly Buffer[]): Buffer {
	const message = Buffer.from(pick(next, honest));
	switch (Math.floor(next() * 7)) {
		case 0:
			return Buffer.from(Array.from({ length: 4 + Math.floor(next() * 200) }, () => Math.floor(next() * 256)));
		case 1:
			message.writeInt32LE(Math.floor((next() - 0.5) * 0xffffffff), 0);
			return message;
		case 2:
			return message.subarray(0, Math.floor(next() * message.length));
		case 3:
			message.writeInt32LE(pick(next, [0, 1, 1000, 2001, 2002, 2005, 2010, 2011, 2012, -1]), 12);
			return message;
		case 4:
			message.writeUInt32LE(Math.floor(next() * 0xffffffff), 16);
			return message;
		case 5:
			message[20] = 1 + Math.floor(next() * 255);
			return message;
		default:
			message.writeInt32LE(Math.floor(next() * 1000) - 100, 21);
			return message;
	}
}

/** An endless supply; `last` marks frames after which no other should be sent on the connection. */
export function hostileFrames(next: Random): () => { bytes: Buffer; last: boolean } {
	const honest = COMMANDS.flatMap((command) => [opMsg(command), opMsg(command, true)]);
	const unchecked = COMMANDS.map((command) => opMsg(command));
	return () => {
		const kind = next();
		if (kind < 0.005) return { bytes: fatal(next, honest), last: true };
		if (kind < 0.01) return { bytes: deep(next), last: false };
		if (kind < 0.35) return { bytes: nonsense(next), last: false };
		return { bytes: damaged(next, unchecked), last: false };
	};
}
