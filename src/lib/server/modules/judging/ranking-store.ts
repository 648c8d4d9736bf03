import { now } from '#lib/server/platform/clock.ts';
import { newId } from '#lib/server/platform/db/index.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { Scorecard } from './model.ts';
import { computeRanking } from './ranking.ts';
import { Ranking, RankingPage, type RankingDocument, type RankingRow } from './results-model.ts';

/** Rows of one stored page, and of one page shown. */
export const rankingPageSize = 100;

/**
 * Submissions that were under way while a ranking was computed may carry an earlier time than the latest it saw; a
 * ranking as fresh as that is computed again after a second, until things have been quiet this long.
 */
const settleMs = 5000;
const unsettledMs = 1000;

const latestTouch = async (competition: string): Promise<Date | null> => {
	const [latest] = await Scorecard.find({ competition, touchedAt: { $gt: new Date(0) } }, { touchedAt: 1 })
		.sort({ competition: 1, touchedAt: -1 })
		.limit(1)
		.lean();
	return latest?.touchedAt ?? null;
};

const isFresh = (head: RankingDocument, latest: Date | null): boolean => {
	if (head.upTo?.getTime() !== latest?.getTime()) return false;
	if (!head.upTo) return now().getTime() - head.computedAt.getTime() < settleMs;
	const settled = head.computedAt.getTime() - head.upTo.getTime() >= settleMs;
	return settled || now().getTime() - head.computedAt.getTime() < unsettledMs;
};

// A revision never changes: its head and pages may be kept as long as there is room.
const revisionMs = 10 * 60_000;
const heads = createMemory<RankingDocument | null>({ freshMs: revisionMs, most: 50, worth: (head) => head !== null });
const pagesKept = createMemory<RankingRow[] | null>({ freshMs: revisionMs, most: 50, worth: (rows) => rows !== null });

/** The stored head with what may change of it as it stands now. */
const storedHead = async (competition: string): Promise<RankingDocument | null> => {
	const mark = await Ranking.findById(competition, { revision: 1, upTo: 1, computedAt: 1 }).lean();
	if (!mark) return null;
	const head = await heads.read(`${competition} ${mark.revision}`, () => Ranking.findOne({ _id: competition, revision: mark.revision }).lean());
	return head && { ...head, upTo: mark.upTo, computedAt: mark.computedAt };
};

// Hits at the same moment share one computation.
const running = new Map<string, { latest: number | undefined; turn: Promise<RankingDocument> }>();

/** The ranking's head, computed anew only when a counted scorecard has changed since. */
export const rankingHead = async (competition: CompetitionView): Promise<RankingDocument> => {
	const [head, latest] = await Promise.all([storedHead(competition.id), latestTouch(competition.id)]);
	if (head && isFresh(head, latest)) return head;
	const under = running.get(competition.id);
	if (under && under.latest === latest?.getTime()) return under.turn;
	const turn = storeRanking(competition, latest).finally(() => {
		if (running.get(competition.id)?.turn === turn) running.delete(competition.id);
	});
	running.set(competition.id, { latest: latest?.getTime(), turn });
	return turn;
};

const storeRanking = async (competition: CompetitionView, upTo: Date | null): Promise<RankingDocument> => {
	const { head, rows } = await computeRanking(competition);
	const content = sha256(JSON.stringify([head, rows]));
	const stored = await Ranking.findById(competition.id, { revision: 1 }).lean();
	if (stored?.revision.endsWith(content)) {
		// Nothing has changed: what was made of this revision (its pages, its certainty) stays good.
		const { revision } = stored;
		const looked = { upTo, computedAt: now() };
		const { matchedCount } = await Ranking.updateOne({ _id: competition.id, revision }, { $set: looked });
		if (matchedCount > 0) return { _id: competition.id, ...head, revision, ...looked };
	}
	const revision = `${newId().toHexString()}-${content}`;
	const pages = Array.from({ length: Math.ceil(rows.length / rankingPageSize) }, (_, page) => ({
		_id: newId(),
		competition: competition.id,
		revision,
		page,
		rows: rows.slice(page * rankingPageSize, (page + 1) * rankingPageSize)
	}));
	if (pages.length > 0) await RankingPage.insertMany(pages, { lean: true });
	const before = await Ranking.findOneAndUpdate(
		{ _id: competition.id },
		{ $set: { ...head, revision, upTo, computedAt: now() } },
		{ upsert: true, returnDocument: 'before' }
	).lean();
	if (before) await RankingPage.deleteMany({ competition: competition.id, revision: before.revision });
	return { _id: competition.id, ...head, revision, upTo, computedAt: now() };
};

// Organizers leaf through the ranking while judges submit: what a page shows may be a second old, a decision's basis not.
const recent = createMemory<RankingDocument>({ name: 'recent-rankings', freshMs: 1000 });

/**
 * From so many scorecards on, computing takes a second or more. While judges submit, a page of such a ranking is up to
 * ten seconds old (it says of how many scorecards it is), and nobody waits while the next one is computed.
 */
const large = 5000;
const recentOfLarge = createMemory<RankingDocument>({ name: 'recent-large-rankings', freshMs: 10_000, staleMs: 60_000 });
const knownLarge = new Set<string>();

/** After a counted scorecard changed: the next page shows it. */
export const forgetRecentRanking = (competition: string): void => recent.forget(competition);

const forgetShown = (competition: string): void => {
	recent.forget(competition);
	recentOfLarge.forget(competition);
};

const headToShow = async (competition: CompetitionView): Promise<RankingDocument> => {
	if (knownLarge.has(competition.id)) return recentOfLarge.read(competition.id, () => rankingHead(competition));
	const head = await recent.read(competition.id, () => rankingHead(competition));
	if (head.scorecards >= large) knownLarge.add(competition.id);
	return head;
};

/** A page of rows, counted from 0. A page replaced between two reads is looked up again under the new revision. */
export const rankingRows = async (
	competition: CompetitionView,
	page: number
): Promise<{ head: RankingDocument; rows: RankingRow[] }> => {
	for (let look = 0; ; look += 1) {
		if (look > 0) forgetShown(competition.id);
		const head = await headToShow(competition);
		const rows = await pagesKept.read(`${competition.id} ${head.revision} ${page}`, async () => {
			const found = await RankingPage.findOne({ competition: competition.id, revision: head.revision, page }, { rows: 1 }).lean();
			return found?.rows ?? null;
		});
		if (rows || page * rankingPageSize >= head.proposals || look === 3) return { head, rows: rows ?? [] };
	}
};

/** Every row of the ranking, for decisions and exports. */
export const allRankingRows = async (
	competition: CompetitionView
): Promise<{ head: RankingDocument; rows: RankingRow[] }> => {
	for (let look = 0; ; look += 1) {
		const head = await rankingHead(competition);
		const pages = await RankingPage.find({ competition: competition.id, revision: head.revision }, { rows: 1, page: 1 })
			.sort({ competition: 1, revision: 1, page: 1 })
			.lean();
		const rows = pages.flatMap((page) => page.rows);
		if (rows.length === head.proposals || look === 3) return { head, rows };
	}
};

/** Forgets the stored ranking, after something else than a scorecard changed it: a proposal was withdrawn. */
export const forgetRanking = async (competition: string): Promise<void> => {
	await Ranking.updateOne({ _id: competition }, { $set: { computedAt: new Date(0), upTo: new Date(0) } });
	forgetShown(competition);
};
