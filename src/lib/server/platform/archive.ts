import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { deserialize, serialize, type Document } from 'bson';
import { database } from './db/index.ts';

/**
 * The archive of everything: a gzip stream of frames, each a kind byte, a length (uint32, little-endian) and a BSON
 * document. 'C' opens a collection (name, options, indexes), 'D' is one of its documents, 'E' ends the archive with
 * the counts and the SHA-256 of all frames before it.
 */
const kinds = { header: 0x48, collection: 0x43, document: 0x44, end: 0x45 } as const;
type Kind = (typeof kinds)[keyof typeof kinds];

const formatVersion = 1;
const maxDocumentBytes = 17 * 1024 * 1024;
/** Not worth keeping: they belong to running processes. */
const passing = new Set(['locks', 'limits']);

export type ArchiveCounts = { collections: number; documents: number };

const frame = (kind: Kind, body: Uint8Array): Buffer => {
	const head = Buffer.alloc(5);
	head.writeUInt8(kind, 0);
	head.writeUInt32LE(body.byteLength, 1);
	return Buffer.concat([head, body]);
};

async function* frames(onProgress: (counts: ArchiveCounts) => void): AsyncGenerator<Buffer> {
	const hash = createHash('sha256');
	const counts: ArchiveCounts = { collections: 0, documents: 0 };
	const give = (kind: Kind, body: Uint8Array): Buffer => {
		const bytes = frame(kind, body);
		hash.update(bytes);
		return bytes;
	};
	yield give(kinds.header, serialize({ format: formatVersion, at: new Date() }));
	const collections = await database().listCollections().toArray();
	for (const { name, ...info } of collections.sort((a, b) => (a.name < b.name ? -1 : 1))) {
		if (passing.has(name) || name.startsWith('system.')) continue;
		const options = 'options' in info ? info.options : {};
		const indexes = await database().collection(name).listIndexes().toArray();
		yield give(kinds.collection, serialize({ name, options, indexes }));
		counts.collections += 1;
		for await (const raw of database().collection(name).find({}, { raw: true, batchSize: 500 })) {
			counts.documents += 1;
			if (counts.documents % 10_000 === 0) onProgress({ ...counts });
			yield give(kinds.document, raw as unknown as Buffer);
		}
	}
	yield frame(kinds.end, serialize({ ...counts, digest: hash.digest('hex') }));
}

/** Writes everything into `file`; the file appears only when it is whole. Works while the application runs. */
export const writeArchive = async (file: string, onProgress: (counts: ArchiveCounts) => void = () => {}): Promise<ArchiveCounts> => {
	const part = `${file}.part`;
	let last: ArchiveCounts = { collections: 0, documents: 0 };
	const source = async function* (): AsyncGenerator<Buffer> {
		for await (const bytes of frames(onProgress)) {
			if (bytes[0] === kinds.end) last = deserialize(bytes.subarray(5)) as ArchiveCounts;
			yield bytes;
		}
	};
	try {
		await pipeline(Readable.from(source()), createGzip({ level: 6 }), createWriteStream(part, { mode: 0o600, flush: true }));
		await rename(part, file);
	} catch (error) {
		await rm(part, { force: true });
		throw error;
	}
	return { collections: last.collections, documents: last.documents };
};

/** Reads frames from a compressed archive, whatever the chunks; what is no archive is refused. */
async function* readFrames(file: string): AsyncGenerator<{ kind: number; body: Buffer; bytes: Buffer }> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const chunk of createReadStream(file).pipe(createGunzip())) {
		rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
		while (rest.length >= 5) {
			const length = rest.readUInt32LE(1);
			if (length > maxDocumentBytes) throw new Error(`${file} is not an archive of Miaopu.`);
			if (rest.length < 5 + length) break;
			yield { kind: rest.readUInt8(0), body: rest.subarray(5, 5 + length), bytes: rest.subarray(0, 5 + length) };
			rest = rest.subarray(5 + length);
		}
	}
	if (rest.length > 0) throw new Error(`${file} is cut off.`);
}

/** Checks the whole archive against its digest, without writing anything. Throws saying what is wrong. */
export const checkArchive = async (file: string): Promise<ArchiveCounts> => {
	const hash = createHash('sha256');
	let first = true;
	let end: (ArchiveCounts & { digest: string }) | null = null;
	for await (const { kind, body, bytes } of readFrames(file)) {
		if (end) throw new Error(`${file} goes on after its end.`);
		if (first && (kind !== kinds.header || deserialize(body).format !== formatVersion))
			throw new Error(`${file} is not an archive of Miaopu.`);
		first = false;
		if (kind === kinds.end) end = deserialize(body) as ArchiveCounts & { digest: string };
		else hash.update(bytes);
	}
	if (!end) throw new Error(`${file} is cut off.`);
	if (hash.digest('hex') !== end.digest) throw new Error(`${file} was changed: its digest does not fit.`);
	return { collections: end.collections, documents: end.documents };
};

const isEmpty = async (): Promise<boolean> => {
	for (const { name } of await database().listCollections().toArray())
		if (!passing.has(name) && (await database().collection(name).countDocuments({}, { limit: 1 })) > 0) return false;
	return true;
};

// Values keep their BSON types on the way: an int32 stays one, a double too.
const exact = { promoteValues: false, promoteBuffers: false, bsonRegExp: true } as const;

/**
 * Fills the database from a checked archive. It must be empty, unless `replace` says that its collections are to be
 * dropped first.
 */
export const readArchive = async (
	file: string,
	options: { replace: boolean; onProgress?: (counts: ArchiveCounts) => void }
): Promise<ArchiveCounts> => {
	const counts = await checkArchive(file);
	if (options.replace) {
		for (const { name } of await database().listCollections().toArray()) await database().collection(name).drop();
	} else if (!(await isEmpty())) throw new Error('The database is not empty. Say --replace to drop what is in it.');
	const done: ArchiveCounts = { collections: 0, documents: 0 };
	let name = '';
	let batch: Document[] = [];
	const flush = async (): Promise<void> => {
		if (batch.length > 0) await database().collection(name).insertMany(batch, { ordered: false });
		done.documents += batch.length;
		batch = [];
		options.onProgress?.({ ...done });
	};
	for await (const { kind, body } of readFrames(file)) {
		if (kind === kinds.collection) {
			await flush();
			const opened = deserialize(body) as { name: string; options: Document; indexes: { name: string; key: Document }[] };
			name = opened.name;
			await database().createCollection(name, opened.options);
			const indexes = opened.indexes.filter((index) => index.name !== '_id_');
			if (indexes.length > 0) await database().command({ createIndexes: name, indexes });
			done.collections += 1;
		} else if (kind === kinds.document) {
			batch.push(deserialize(body, exact));
			if (batch.length >= 500) await flush();
		}
	}
	await flush();
	return counts;
};
