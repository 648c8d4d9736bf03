/** The parts of an open store that commands work with. */
import { openChangeCounters } from './change-counters.ts';
import type { ChangeCounters, ChangeOptions } from './change-counters.ts';
import { openCursors } from './cursors/cursors.ts';
import type { Cursors } from './cursors/cursors.ts';
import { StoreError } from './language/errors.ts';
import { openCatalog } from './storage/catalog.ts';
import type { Catalog } from './storage/catalog.ts';
import { openEnvironment } from './storage/environment.ts';
import type { Environment } from './storage/environment.ts';
import { openRecords } from './storage/records.ts';
import type { Records } from './storage/records.ts';
import { startTtlMonitor } from './indexes/ttl.ts';
import { newActivity, switchedOff } from './state.ts';
import type { Activity, FailPoint, Sessions } from './state.ts';

export interface Settings {
	ttlMonitorEnabled: boolean;
	ttlMonitorSleepSecs: number;
	/** Of the profiler, which is never on; kept for those who ask. */
	slowms: number;
	sampleRate: number;
}

export interface Store {
	environment: Environment;
	catalog: Catalog;
	records: Records;
	cursors: Cursors;
	settings: Settings;
	/** Told when settings change. */
	onSettings: (() => void)[];
	/** Starts removing what dropped collections and indexes left behind. */
	reapSoon(): void;
	stop(): Promise<void>;
	startedAt: number;
	/** Operations by kind since the start, for serverStatus. */
	opcounters: Map<string, number>;
	connections: { current: number; totalCreated: number };
	sessions: Sessions;
	failPoint: FailPoint;
	activity: Activity;
	/** Commands that ended early: their client went away, or their time was up. */
	interrupted: { disconnect: number; time: number };
}

/** Keys removed in one step of reaping; small, so that writers hardly notice. */
const REAP_STEP = 500;

/** The same records and catalog, whose changes are counted. */
function counted(records: Records, catalog: Catalog, counters: ChangeCounters): { records: Records; catalog: Catalog } {
	return {
		records: {
			...records,
			insert(collection, bytes) {
				const record = records.insert(collection, bytes);
				counters.note(collection.namespace, undefined, bytes);
				return record;
			},
			replace(collection, record, before, after, known) {
				records.replace(collection, record, before, after, known);
				counters.note(collection.namespace, before, after);
			},
			remove(collection, record, before) {
				records.remove(collection, record, before);
				counters.note(collection.namespace, before, undefined);
			}
		},
		catalog: {
			...catalog,
			drop(collection) {
				catalog.drop(collection);
				counters.noteEverything();
			},
			rename(collection, namespace) {
				catalog.rename(collection, namespace);
				counters.noteEverything();
			}
		}
	};
}

/**
 * What is committed must not be taken for failed and be done again, so a file that cannot be written is no error of the
 * write. But whoever keeps answers would go on believing them: the store ends.
 */
function raiseOrEnd(counters: ChangeCounters): void {
	try {
		counters.raise();
	} catch (error) {
		setImmediate(() => {
			throw error;
		});
	}
}

/** Opens the data at a path; with `changes` each write is counted for other processes. */
export function openStore(path: string, changes?: ChangeOptions): Store {
	const environment = openEnvironment(path);
	const plainCatalog = openCatalog(environment);
	const plainRecords = openRecords(environment, plainCatalog);
	const counters = changes && openChangeCounters(changes);
	if (counters) environment.afterCommit(() => raiseOrEnd(counters));
	const { records, catalog } = counters
		? counted(plainRecords, plainCatalog, counters)
		: { records: plainRecords, catalog: plainCatalog };
	const cursors = openCursors();
	let reaping = false;

	async function reap(): Promise<void> {
		if (reaping) return;
		reaping = true;
		try {
			await environment.write(function* () {
				while (catalog.reap(REAP_STEP)) yield;
			});
		} catch (error) {
			if (!(error instanceof StoreError)) process.emitWarning(error instanceof Error ? error : String(error));
		} finally {
			reaping = false;
		}
	}

	const store: Store = {
		environment,
		catalog,
		records,
		cursors,
		settings: { ttlMonitorEnabled: true, ttlMonitorSleepSecs: 60, slowms: 100, sampleRate: 1 },
		onSettings: [],
		reapSoon: () => void reap(),
		startedAt: Date.now(),
		opcounters: new Map(),
		connections: { current: 0, totalCreated: 0 },
		sessions: new Map(),
		failPoint: switchedOff(),
		activity: newActivity(),
		interrupted: { disconnect: 0, time: 0 },
		async stop() {
			ttl.stop();
			cursors.stop();
			await environment.close();
			counters?.close();
		}
	};
	const ttl = startTtlMonitor(store);
	void dropUnfinished(store).then(() => reap());
	return store;
}

/** What a crash left unfinished was never acknowledged and goes: indexes being built, results of $out on their way. */
async function dropUnfinished({ environment, catalog }: Store): Promise<void> {
	const collections = catalog.collections();
	const temporary = collections.filter((collection) => collection.options.get('temp') === true);
	const building = collections.filter((collection) => collection.indexes.some((index) => index.building));
	if (temporary.length + building.length === 0) return;
	await environment.write(() => {
		for (const collection of building) {
			for (const index of collection.indexes.filter((each) => each.building)) catalog.dropIndex(collection, index);
		}
		for (const collection of temporary) catalog.drop(collection);
	});
}
