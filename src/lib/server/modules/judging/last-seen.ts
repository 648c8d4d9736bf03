import { marks } from '#lib/server/platform/marks.ts';
import type { ScorecardDocument } from './model.ts';

/** How long a card is remembered, milliseconds, and how many are. */
const keptMs = 10 * 60_000;
const most = 2000;

const cards = new Map<string, { card: ScorecardDocument; at: number }>();

/**
 * A scorecard as this process saw it last. Saves come in rows, and a save may start from this instead of reading anew,
 * because its write holds only if the card still is the same (by version, status and judge). Nothing may be shown or
 * refused on the ground of it. Null, too, when another process of this machine has written it since.
 */
export const lastSeen = (id: string): ScorecardDocument | null => {
	const seen = cards.get(id);
	if (!seen || Date.now() - seen.at >= keptMs) return null;
	return marks().latest.isOutdated(id, seen.card.version) ? null : seen.card;
};

/** Remembers a card just read or written; the oldest go first. */
export const seeCard = (card: ScorecardDocument): void => {
	const id = card._id.toHexString();
	cards.delete(id);
	if (cards.size >= most) cards.delete(cards.keys().next().value ?? '');
	cards.set(id, { card, at: Date.now() });
};

/** Remembers a card just written, and lets the other processes know that theirs is no longer the last. */
export const sawWritten = (card: ScorecardDocument): void => {
	marks().latest.note(card._id.toHexString(), card.version);
	seeCard(card);
};
