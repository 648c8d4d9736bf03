import { logger } from '#lib/server/platform/logger.ts';
import type { AuditAct } from './entries.ts';
import { recordInOpenChains } from './open-chains.ts';

/** How long acts wait for others to be written down with them, milliseconds. */
const lingerMs = 20;

/** More may not wait: who adds to them then waits for them too. */
const most = 500;

let waiting: AuditAct[] = [];
let underWay: Promise<void> | null = null;

const writeAll = async (): Promise<void> => {
	while (waiting.length > 0) {
		await new Promise((resolve) => setTimeout(resolve, lingerMs));
		const acts = waiting;
		waiting = [];
		await recordInOpenChains(acts).catch((err: unknown) => logger.error({ err, acts: acts.length }, 'acts not on record yet'));
	}
	underWay = null;
};

/**
 * Puts an act of an open chain on record in a moment, together with others. Only for acts that can be read from what is
 * stored already: whoever uses this has something that looks for those a crash kept from being recorded, and tells them again
 * (see `done`).
 */
export const recordSoon = async (act: AuditAct): Promise<void> => {
	waiting.push(act);
	underWay ??= writeAll();
	if (waiting.length > most) await underWay;
};

/** Waits until everything told to this process so far is on record, or known not to be. */
export const recordsWritten = async (): Promise<void> => {
	while (underWay) await underWay;
};
