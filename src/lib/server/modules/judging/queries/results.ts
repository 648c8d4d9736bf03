import type { Actor } from '#lib/domain/accounts/types.ts';
import { noticeEnd } from '#lib/domain/judging/notice.ts';
import { anonymousCsv, type AnonymousScore } from '#lib/domain/judging/publication.ts';
import { now } from '#lib/server/platform/clock.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { competitionBySlug } from '../../competitions/index.ts';
import { workingDaysOf } from '../../stations/index.ts';
import { buildPublication } from '../commands/publish-result.ts';
import { computeRanking } from '../ranking.ts';
import { cardHashes } from '../seals.ts';
import { Decision, Result, ResultFile, type ResultDocument, type ResultRow } from '../results-model.ts';
import { leftRoomFor } from '../room.ts';
import { forScores } from './ranking.ts';

/** A published result as everybody sees it. */
export type PublicResult = Omit<ResultDocument, '_id'> & { id: string };

/** States in which the result is public; a competition sent back to deliberation keeps its earlier notices. */
const publicStates = ['notice', 'decided', 'executing', 'closed', 'deliberation', 'judging'];

// A notice never changes, and on the day it appears everybody looks at it.
const freshMs = 3000;
const cache = new Map<string, { at: number; results: Promise<PublicResult[]> }>();

const load = async (slug: string): Promise<PublicResult[]> => {
	const competition = await competitionBySlug(slug);
	if (!publicStates.includes(competition.state)) return [];
	const results = await Result.find({ competition: competition.id }).sort({ competition: 1, n: -1 }).limit(20).lean();
	return results.map(({ _id, ...result }) => ({ id: _id.toHexString(), ...result }));
};

/** The notices of a competition, newest first; empty while there is none. 404 for an unknown competition. */
export const publicResults = (slug: string): Promise<PublicResult[]> => {
	const known = cache.get(slug);
	if (known && Date.now() - known.at < freshMs) return known.results;
	if (cache.size >= 100) cache.clear();
	const results = load(slug);
	cache.set(slug, { at: Date.now(), results });
	results.catch(() => cache.delete(slug));
	return results;
};

/** One notice by its number, or the latest; 404 when there is none. */
export const publicResult = async (slug: string, n?: number): Promise<PublicResult> => {
	const results = await publicResults(slug);
	const result = n === undefined ? results[0] : results.find((one) => one.n === n);
	if (!result) throw notFound();
	return result;
};

/** The public file of a notice: canonical JSON whose SHA-256 is the digest. */
export const resultFile = async (slug: string, n?: number): Promise<{ text: string; digest: string }> => {
	const result = await publicResult(slug, n);
	const file = await ResultFile.findById(result.id).lean();
	if (!file) throw notFound();
	return { text: file.text, digest: result.digest };
};

/** The anonymous scores of a notice as CSV for `miaopu rank`, of one round (default: the last one scored). */
export const resultCsv = async (slug: string, n?: number, round?: string): Promise<string> => {
	const { text } = await resultFile(slug, n);
	const { scores } = JSON.parse(text) as { scores: AnonymousScore[] };
	const key = round ?? scores.at(-1)?.round;
	return anonymousCsv(scores.filter((score) => score.round === key));
};

/**
 * What the notice would say now, for the organizer before publishing, and the notices already out. `until` is when a
 * notice published now would end.
 */
export const noticePreview = async (
	actor: Actor,
	competitionId: string
): Promise<{ rows: ResultRow[]; total: number; digest: string; until: Date; published: PublicResult[] }> => {
	const competition = await forScores(actor, competitionId);
	const [hidden, ranking, hashes, decision, results, calendar] = await Promise.all([
		leftRoomFor(actor, competition),
		computeRanking(competition),
		cardHashes(competitionId),
		Decision.findById(competitionId).lean(),
		Result.find({ competition: competitionId }).sort({ competition: 1, n: -1 }).limit(20).lean(),
		workingDaysOf(competition.stationPath)
	]);
	const { rows: all, digest } = buildPublication(competition, ranking, decision, hashes);
	const rows = all.filter(({ proposal }) => !hidden.has(proposal));
	const total = rows.reduce((sum, { amount }) => sum + amount, 0);
	const until = noticeEnd(now(), competition.noticeDays, calendar);
	return { rows, total, digest, until, published: results.map(({ _id, ...result }) => ({ id: _id.toHexString(), ...result })) };
};

/** The awards of the latest notice, for the module that makes agreements of them. Money in fen. */
export const publishedAwards = async (competitionId: string): Promise<ResultRow[]> => {
	const result = await Result.findOne({ competition: competitionId }, { rows: 1 }).sort({ competition: 1, n: -1 }).lean();
	return (result?.rows ?? []).filter((row) => row.outcome === 'fund');
};

/** All money given so far, fen: the totals of every competition's latest notice. */
export const awardedTotal = async (): Promise<number> => {
	const [sum] = await Result.aggregate<{ total: number }>([
		{ $sort: { competition: 1, n: -1 } },
		{ $group: { _id: '$competition', total: { $first: '$total' } } },
		{ $group: { _id: null, total: { $sum: '$total' } } }
	]);
	return sum?.total ?? 0;
};
