/** The parts of an open store that commands work with. */
import { openCursors } from './cursors/cursors.ts';
import type { Cursors } from './cursors/cursors.ts';
import { openCatalog } from './storage/catalog.ts';
import type { Catalog } from './storage/catalog.ts';
import { openEnvironment } from './storage/environment.ts';
import type { Environment } from './storage/environment.ts';
import { openRecords } from './storage/records.ts';
import type { Records } from './storage/records.ts';

export interface Settings {
	ttlMonitorEnabled: boolean;
	ttlMonitorSleepSecs: number;
}

export interface Store {
	environment: Environment;
	catalog: Catalog;
	records: Records;
	cursors: Cursors;
	settings: Settings;
	/** Told when settings change. */
	onSettings: (() => void)[];
	startedAt: number;
	/** Operations by kind since the start, for serverStatus. */
	opcounters: Map<string, number>;
	connections: { current: number; totalCreated: number };
}

export function openStore(path: string): Store {
	const environment = openEnvironment(path);
	const catalog = openCatalog(environment);
	return {
		environment,
		catalog,
		records: openRecords(environment, catalog),
		cursors: openCursors(),
		settings: { ttlMonitorEnabled: true, ttlMonitorSleepSecs: 60 },
		onSettings: [],
		startedAt: Date.now(),
		opcounters: new Map(),
		connections: { current: 0, totalCreated: 0 }
	};
}
