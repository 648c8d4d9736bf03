import { newId } from '#lib/server/platform/db/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { HistoryEntry } from './model.ts';

/** A new entry of an organization's history; written in the same update as what it tells of. */
export const entry = (
	action: HistoryEntry['action'],
	by: HistoryEntry['by'],
	more: Partial<Omit<HistoryEntry, 'action' | 'by'>> = {}
): HistoryEntry => ({
	key: newId().toHexString(),
	at: now(),
	gate: null,
	criterion: null,
	reason: '',
	detail: {},
	...more,
	action,
	by
});
