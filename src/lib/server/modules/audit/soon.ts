import { logger } from '#lib/server/platform/logger.ts';
import { recordAct, type AuditAct } from './record.ts';

/** How long acts wait for others to be written down with them, milliseconds. */
const lingerMs = 20;

/** More may not wait: who adds to them then waits for them too. */
const most = 500;

let waiting = new Map<string, AuditAct[]>();
let waitingCount = 0;
let underWay: Promise<void> | null = null;

/** Acts of one chain follow each other; those of different chains go in together. */
const writeChain = async (acts: readonly AuditAct[]): Promise<void> => {
	for (const act of acts)
		await recordAct(act).catch((err: unknown) => logger.error({ err, chain: act.chain, action: act.action }, 'act not on record yet'));
};

const writeAll = async (): Promise<void> => {
	while (waiting.size > 0) {
		await new Promise((resolve) => setTimeout(resolve, lingerMs));
		const chains = waiting;
		waiting = new Map();
		waitingCount = 0;
		await Promise.all([...chains.values()].map(writeChain));
	}
	underWay = null;
};

/**
 * Puts an act on record in a moment, together with others. Only for acts that can be read from what is stored already: whoever
 * uses this has something that looks for those a crash kept from being recorded, and tells them again (see `done`).
 */
export const recordSoon = async (act: AuditAct): Promise<void> => {
	const chain = waiting.get(act.chain);
	if (chain) chain.push(act);
	else waiting.set(act.chain, [act]);
	waitingCount += 1;
	underWay ??= writeAll();
	if (waitingCount > most) await underWay;
};

/** Waits until everything told to this process so far is on record, or known not to be. */
export const recordsWritten = async (): Promise<void> => {
	while (underWay) await underWay;
};
