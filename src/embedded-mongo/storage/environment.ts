/**
 * The LMDB environment and its single writer.
 *
 * Four tables: `documents` (collection id, record id → BSON), `entries` (index id, key[, record id] → record id or
 * nothing), `catalog` and `counters`. All of our code runs on one thread, so a read command sees one state for as
 * long as it does not await, and a write job sees its own changes.
 *
 * Writes are jobs in a queue. All jobs that wait when a transaction begins run in it, and are answered after its commit,
 * which LMDB makes durable (fsync of the data, then of the meta page) on a thread of its own. So sixteen clients share one
 * fsync, and reads go on meanwhile.
 *
 * While a commit is under way, reads still see the state before it, whereas the catalog in memory is ahead. That is
 * harmless as long as nothing in the catalog promises entries that are not committed yet: an index is opened to readers
 * only after the transaction that completed it.
 */
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { open } from 'lmdb';
import type { Database, RangeOptions, RootDatabase, Transaction } from 'lmdb';
import { StoreError, storeError } from '../language/errors.ts';
import { isOutOfSpace } from './disk-space.ts';

export interface Entry {
	key: Buffer;
	value: Buffer;
}

export interface RangeQuery {
	/** Inclusive. */
	from: Buffer;
	/** Exclusive. */
	to: Buffer;
	reverse?: boolean;
	limit: number;
}

/** An ordered table of byte keys; writes are only allowed inside a job. */
export interface Table {
	get(key: Buffer): Buffer | undefined;
	put(key: Buffer, value: Buffer): void;
	remove(key: Buffer): void;
	range(query: RangeQuery): Entry[];
	keys(query: RangeQuery): Buffer[];
	/** Number of keys in [from, to). */
	count(from: Buffer, to: Buffer): number;
	/** The key so many places after the first one in [from, to), if there are as many. */
	keyAfter(from: Buffer, to: Buffer, places: number): Buffer | undefined;
}

/** The four tables. */
export interface Tables {
	documents: Table;
	entries: Table;
	catalog: Table;
	counters: Table;
}

/** The tables as they were at one moment, however much is written meanwhile. Old pages live on until it is released. */
export interface Snapshot extends Tables {
	release(): void;
}

/** Work done inside a write transaction. A generator gives way at each `yield`, where the transaction may be committed. */
export type WriteJob<T> = () => T | Generator<void, T, void>;

export interface Environment extends Tables {
	/** Resolves when the job's changes are on disk; rejects with what the job threw. */
	write<T>(job: WriteJob<T>): Promise<T>;
	/** Called inside the transaction before it commits, once per transaction. */
	beforeCommit(hook: () => void): void;
	/** Called after the commit, before those who wait for it hear of it. */
	afterCommit(hook: () => void): void;
	/** Called after a transaction was abandoned, to forget what it changed in memory. */
	afterAbort(hook: () => void): void;
	/** The last committed state, to be read at leisure. */
	snapshot(): Snapshot;
	/** Changes with every transaction, so that a job can tell whether others ran since its last step. */
	readonly generation: number;
	/** Bytes of the data file in use. */
	fileBytes(): number;
	close(): Promise<void>;
}

/** How long one transaction may go on taking work before it commits, in milliseconds. */
const TRANSACTION_BUDGET = 25;

interface Pending {
	start: WriteJob<unknown>;
	running?: Generator<void, unknown, void>;
	resolve(value: unknown): void;
	reject(reason: unknown): void;
}

/** What a transaction works on; `running` are those that had a turn in an earlier one. */
interface Jobs {
	all: Pending[];
	running: Set<Pending>;
}

type Outcome = { pending: Pending; value?: unknown; error?: unknown; failed: boolean };

function isGenerator(value: unknown): value is Generator<void, unknown, void> {
	return typeof value === 'object' && value !== null && Symbol.iterator in value && 'next' in value && 'throw' in value;
}

const { subarray } = Uint8Array.prototype;

const POOL_BYTES = 128 * 1024;
let pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let poolUsed = 0;

/** Uninitialized bytes out of a larger pool than Node's: each pool is an object the garbage collector has to watch. */
function room(size: number): Buffer {
	if (size > POOL_BYTES >> 3) return Buffer.allocUnsafeSlow(size);
	if (poolUsed + size > POOL_BYTES) {
		pool = Buffer.allocUnsafeSlow(POOL_BYTES);
		poolUsed = 0;
	}
	const made = pool.subarray(poolUsed, poolUsed + size);
	poolUsed += size;
	return made;
}

function table(database: Database<Buffer, Buffer>, transaction?: Transaction): Table {
	const within = transaction && { transaction };
	const options = ({ from, to, reverse, limit }: RangeQuery): RangeOptions =>
		reverse
			? { start: to, exclusiveStart: true, end: from, inclusiveEnd: true, reverse: true, limit, ...within }
			: { start: from, end: to, limit, ...within };
	return {
		get(key) {
			// The fast buffer is only good until the next read; a copy from a pool costs less than one lmdb makes.
			const fast = (database.getBinaryFast as (key: Buffer, options?: object) => Buffer | undefined).call(database, key, within);
			if (!fast) return undefined;
			const size = (database as unknown as { lastSize: number }).lastSize;
			const copy = room(size);
			// lmdb overrides the buffer's length, so only the typed array's own methods can be trusted with it.
			copy.set(subarray.call(fast, 0, size));
			return copy;
		},
		put(key, value) {
			database.putSync(key, value);
		},
		remove(key) {
			database.removeSync(key);
		},
		range(query) {
			const found: Entry[] = [];
			for (const entry of database.getRange(options(query))) found.push(entry as Entry);
			return found;
		},
		keys(query) {
			const found: Buffer[] = [];
			for (const key of database.getKeys(options(query))) found.push(key);
			return found;
		},
		count: (from, to) => database.getKeysCount({ start: from, end: to, ...within }),
		keyAfter(from, to, places) {
			for (const key of database.getKeys({ start: from, end: to, offset: places, limit: 1, ...within })) return key;
			return undefined;
		}
	};
}

/** Makes the entry of a new data file as durable as its contents will be. */
function syncDirectory(path: string): void {
	try {
		const directory = openSync(path, 'r');
		fsyncSync(directory);
		closeSync(directory);
	} catch {
		// Some systems can't sync directories; the entry is then as durable as they make it.
	}
}

export function openEnvironment(path: string): Environment {
	mkdirSync(path, { recursive: true, mode: 0o700 });
	const root: RootDatabase<Buffer, Buffer> = open({
		path,
		encoding: 'binary',
		keyEncoding: 'binary',
		maxDbs: 8,
		// Plain LMDB commits: when the call returns, data and meta page are on disk.
		overlappingSync: false,
		// Transactions are put together here; lmdb's own batches would leave promises nobody listens to when one fails.
		eventTurnBatching: false
	});
	syncDirectory(path);
	const named = (name: string) => root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' });
	const databases = [named('documents'), named('entries'), named('catalog'), named('counters')] as const;
	const tables = (transaction?: Transaction): Tables => {
		const [documents, entries, catalog, counters] = databases;
		return {
			documents: table(documents, transaction),
			entries: table(entries, transaction),
			catalog: table(catalog, transaction),
			counters: table(counters, transaction)
		};
	};

	const commitHooks: (() => void)[] = [];
	const committedHooks: (() => void)[] = [];
	const abortHooks: (() => void)[] = [];
	let queue: Pending[] = [];
	/** Jobs the last transaction had no time to begin or to finish. */
	let begun: Pending[] = [];
	let scheduled = false;
	let closed = false;
	let generation = 0;
	let idle: (() => void) | undefined;

	function schedule(): void {
		if (scheduled) return;
		scheduled = true;
		queueMicrotask(() => void run());
	}

	/** All jobs there are; new ones come before those that have had a turn, or a short one could wait for a long one's end. */
	function takeJobs(): Jobs {
		const all = [...begun.filter((pending) => !pending.running), ...queue, ...begun.filter((pending) => pending.running)];
		queue = [];
		begun = [];
		return { all, running: new Set(all.filter((pending) => pending.running)) };
	}

	/** Runs a job up to its end or the end of the budget; returns nothing if it must go on in the next transaction. */
	function advance(pending: Pending, deadline: number): Outcome | undefined {
		try {
			if (!pending.running) {
				const started = pending.start();
				if (!isGenerator(started)) return { pending, value: started, failed: false };
				pending.running = started;
			}
			for (;;) {
				const step = pending.running.next();
				if (step.done) return { pending, value: step.value, failed: false };
				if (performance.now() > deadline) return undefined;
			}
		} catch (error) {
			// A refusal leaves whole documents behind it; anything else means the transaction can't be trusted.
			if (error instanceof StoreError) return { pending, error, failed: true };
			throw error;
		}
	}

	/** What went wrong, in MongoDB's terms where it has them. */
	async function causeOf(error: unknown): Promise<unknown> {
		let cause = error;
		const commitError = (error as { commitError?: unknown } | undefined)?.commitError;
		if (commitError instanceof Promise) {
			// It is rejected at about the same time.
			const late = new Promise((resolve) => setTimeout(resolve, 100));
			await Promise.race([commitError, late]).catch((reason: unknown) => (cause = reason));
		}
		if (!isOutOfSpace(cause, path)) return cause;
		return storeError('OutOfDiskSpace', `Not enough disk space: ${cause instanceof Error ? cause.message : String(cause)}`);
	}

	/**
	 * One transaction over as many jobs as the budget allows; jobs not finished go on in the next, after the new ones. It
	 * asks for them when it has begun, so that those that arrive in the meantime share it.
	 */
	async function runBatch(take: () => Jobs): Promise<Pending[]> {
		const outcomes: Outcome[] = [];
		const unfinished: Pending[] = [];
		// lmdb begins, commits and syncs on a thread of its own; only the callback runs here. As a child transaction it is
		// abandoned whole if the callback throws.
		const transaction = root.childTransaction(() => {
			const { all, running } = take();
			generation++;
			const began = performance.now();
			// Those that have begun share what time there is; each gets at least one step, however many come before it.
			const share = TRANSACTION_BUDGET / Math.max(1, running.size);
			for (const pending of all) {
				const now = performance.now();
				if (!pending.running && now > began + TRANSACTION_BUDGET) {
					unfinished.push(pending);
					continue;
				}
				const outcome = advance(pending, Math.min(began + TRANSACTION_BUDGET, now + share));
				if (outcome) outcomes.push(outcome);
				else unfinished.push(pending);
			}
			for (const hook of commitHooks) hook();
		});
		try {
			await transaction;
		} catch (error) {
			throw await causeOf(error);
		}
		for (const hook of committedHooks) hook();
		for (const outcome of outcomes) {
			if (outcome.failed) outcome.pending.reject(outcome.error);
			else outcome.pending.resolve(outcome.value);
		}
		return unfinished;
	}

	/** After a failed transaction each job gets one of its own, so that only the culprit fails. */
	async function runApart({ all, running }: Jobs, cause: unknown): Promise<Pending[]> {
		const unfinished: Pending[] = [];
		for (const pending of all) {
			try {
				if (pending.running && !running.has(pending)) delete pending.running;
				else if (pending.running) throw cause instanceof StoreError ? cause : new Error('the transaction this command was part of was abandoned');
				unfinished.push(...(await runBatch(() => ({ all: [pending], running: new Set() }))));
			} catch (error) {
				for (const hook of abortHooks) hook();
				pending.reject(error);
			}
		}
		return unfinished;
	}

	/** Jobs that arrive while a transaction is being committed share the next one. */
	async function run(): Promise<void> {
		while (queue.length > 0 || begun.length > 0) {
			let jobs: Jobs | undefined;
			let unfinished: Pending[];
			try {
				unfinished = await runBatch(() => (jobs = takeJobs()));
			} catch (error) {
				for (const hook of abortHooks) hook();
				// It may have failed before it began.
				unfinished = await runApart(jobs ?? takeJobs(), error);
			}
			begun.push(...unfinished);
		}
		scheduled = false;
		idle?.();
	}

	return {
		...tables(),
		snapshot() {
			const transaction = root.useReadTransaction();
			return { ...tables(transaction), release: () => transaction.done() };
		},
		write<T>(job: WriteJob<T>) {
			if (closed) return Promise.reject(new StoreError(91, 'ShutdownInProgress', 'the store is closing'));
			return new Promise<T>((resolve, reject) => {
				queue.push({ start: job, resolve: resolve as (value: unknown) => void, reject });
				schedule();
			});
		},
		beforeCommit: (hook) => void commitHooks.push(hook),
		afterCommit: (hook) => void committedHooks.push(hook),
		afterAbort: (hook) => void abortHooks.push(hook),
		get generation() {
			return generation;
		},
		fileBytes() {
			const stats = root.getStats() as { root?: { pageSize?: number }; pageSize?: number; lastPageNumber?: number };
			return (stats.lastPageNumber ?? 0) * (stats.pageSize ?? 4096);
		},
		async close() {
			closed = true;
			if (scheduled) await new Promise<void>((resolve) => (idle = resolve));
			await root.close();
		}
	};
}
