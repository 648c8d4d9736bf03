/**
 * When the disk is full, writers get MongoDB's error, nothing acknowledged is lost, reading goes on, and once there is
 * room again writing does too.
 *
 * Twice: with a file size limit, which needs no privileges, and on a small tmpfs in a mount namespace of its own, where
 * the system permits that.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoBulkWriteError, MongoClient } from 'mongodb';
import type { Collection } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle, startChild } from './conformance/child.ts';
import type { Child } from './conformance/child.ts';

interface Row {
	_id: number;
	u: number;
	text: string;
}

const WRITERS = 4;
const LIMIT_MB = 6;
const OUT_OF_SPACE = { code: 14031, codeName: 'OutOfDiskSpace' };

let server: { file: string; remove(): void };
const base = mkdtempSync(join(tmpdir(), 'disk-'));
beforeAll(async () => {
	server = await bundle(new URL('./conformance/serve.ts', import.meta.url));
}, 60_000);
afterAll(() => {
	server.remove();
	rmSync(base, { recursive: true, force: true });
});

const codesOf = (error: unknown): unknown => (error instanceof MongoBulkWriteError ? { code: error.code, codeName: 'OutOfDiskSpace' } : error);

/** Inserts until there is no room; returns what was acknowledged. */
async function fillUp(rows: Collection<Row>, known: Set<number>): Promise<unknown[]> {
	let next = known.size === 0 ? 0 : Math.max(...known) + 1;
	return Promise.all(
		Array.from({ length: WRITERS }, async () => {
			for (let turn = 0; turn < 2000; turn++) {
				const made = Array.from({ length: 5 }, (): Row => ({ _id: next, u: 1_000_000 - next++, text: 'x'.repeat(2000) }));
				try {
					await rows.insertMany(made);
					for (const { _id } of made) known.add(_id);
				} catch (error) {
					return codesOf(error);
				}
			}
			return 'never full';
		})
	);
}

async function expectAll(rows: Collection<Row>, known: Set<number>): Promise<void> {
	const stored = (await rows.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
	expect([...known].filter((id) => !stored.includes(id)), 'nothing acknowledged is missing').toEqual([]);
	expect(await rows.countDocuments()).toBe(stored.length);
	expect(await rows.estimatedDocumentCount()).toBe(stored.length);
	const [any] = known;
	expect((await rows.findOne({ u: 1_000_000 - (any ?? 0) }))?._id).toBe(any);
}

async function exercise(child: Child, makeRoom: () => void): Promise<Set<number>> {
	const known = new Set<number>();
	const client = await MongoClient.connect(child.line, { maxPoolSize: WRITERS });
	try {
		const rows = client.db().collection<Row>('rows');
		await rows.createIndex({ u: 1 }, { unique: true });
		for (const error of await fillUp(rows, known)) expect(error).toMatchObject(OUT_OF_SPACE);
		expect(known.size).toBeGreaterThan(500);
		await expectAll(rows, known);
		// Again and again, and for every kind of write that needs room.
		const large = { _id: -1, u: -1, text: 'y'.repeat(1_000_000) };
		for (let i = 0; i < 3; i++) await expect(rows.insertOne(large)).rejects.toMatchObject(OUT_OF_SPACE);
		await expect(rows.updateMany({}, { $set: { text: 'z'.repeat(2100) } })).rejects.toMatchObject(OUT_OF_SPACE);
		await expect(rows.createIndex({ text: 1, u: 1 })).rejects.toMatchObject(OUT_OF_SPACE);
		await expectAll(rows, known);
		expect((await rows.indexes()).map(({ name }) => name)).toEqual(['_id_', 'u_1']);
		expect(await client.db().command({ validate: 'rows', full: true })).toMatchObject({ valid: true, errors: [] });

		makeRoom();
		await rows.insertOne({ ...large, text: 'y' });
		known.add(-1);
		await rows.updateOne({ _id: 0 }, { $set: { text: 'room' } });
		await expectAll(rows, known);
		expect(await client.db().command({ validate: 'rows', full: true })).toMatchObject({ valid: true, errors: [] });
	} finally {
		await client.close();
		child.process.kill('SIGKILL');
		await child.exited;
	}
	return known;
}

it('gives an error when files may not grow, and goes on when they may', { timeout: 60_000 }, async () => {
	const dataDir = join(base, 'limited');
	// A soft limit, in kilobytes here, so that it can be raised again. Node ignores the signal that comes with it.
	const child = await startChild(server.file, [dataDir], ['bash', '-c', `ulimit -S -f ${LIMIT_MB * 1024}; exec "$@"`, 'bash']);
	const known = await exercise(child, () => void execFileSync('prlimit', ['--pid', String(child.process.pid), '--fsize=unlimited:']));
	// And all of it is on disk for the next start.
	const again = await startChild(server.file, [dataDir]);
	const client = await MongoClient.connect(again.line);
	await expectAll(client.db().collection<Row>('rows'), known);
	await client.close();
	again.process.kill('SIGTERM');
	await again.exited;
});

/** Runs its arguments in a mount namespace with a small tmpfs on the first one. */
const IN_TMPFS = `mount -t tmpfs -o size=${LIMIT_MB + 2}m tmpfs "$0" && dd if=/dev/zero of="$0/ballast" bs=1M count=2 status=none && exec "$@"`;
const mountPoint = join(base, 'small');
mkdirSync(mountPoint);
const mayMount = spawnSync('unshare', ['-rm', 'sh', '-c', IN_TMPFS, mountPoint, 'true']).status === 0;
if (!mayMount) console.warn('This system permits no mount namespaces: the disk-full test on a small tmpfs is left out; the one with a file size limit runs.');

it.skipIf(!mayMount)('gives an error on a full file system, and goes on when there is room', { timeout: 60_000 }, async () => {
	// The socket would be in a namespace of its own, so this one listens on a port.
	const child = await startChild(server.file, [join(mountPoint, 'data'), '0'], ['unshare', '-rm', 'sh', '-c', IN_TMPFS, mountPoint]);
	await exercise(child, () => rmSync(`/proc/${child.process.pid}/root${mountPoint}/ballast`));
});
