import { unexplained } from '#lib/domain/judging/decision.ts';
import { isOpen } from '#lib/domain/objections/rules.ts';
import { hasJudges } from '#lib/domain/judging/groups.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { now } from '#lib/server/platform/clock.ts';
import { registerTransitionGuard, type Blocker, type CompetitionView } from '../competitions/index.ts';
import { passedIds, proposalCounts } from '../proposals/index.ts';
import { Assignment, Judge, Scorecard, shortages } from './model.ts';
import { Objection } from './objections-model.ts';
import { allRankingRows } from './ranking-store.ts';
import { proposalsInRound } from './round-inputs.ts';
import { Decision, Result } from './results-model.ts';
import { unscoredRounds } from './unscored.ts';

const page = (competition: CompetitionView, name: string): string => `/app/competitions/${competition.id}/${name}`;

/** How many scorecards each proposal is to get in the first round: as last dealt, else as published. */
export const reviewsWanted = async (competition: CompetitionView): Promise<{ round: string; reviews: number }> => {
	const round = competition.rounds[0];
	const key = round?.key ?? '';
	const last = await Assignment.findOne({ competition: competition.id }, { reviews: 1, round: 1 }).sort({ competition: 1, at: -1 }).lean();
	if (round && !hasJudges(round)) return { round: key, reviews: 0 };
	return { round: key, reviews: Math.min(round?.reviews ?? 1, last?.round === key ? last.reviews : Infinity) };
};

const dealt = ['assigned', 'draft', 'submitted'] as const;

/** How many of these proposals have fewer scorecards in a round than they should, recused ones not counted: a narrow read. */
const shortIn = async (competition: string, round: string, reviews: number, proposals: readonly string[]): Promise<number> => {
	const provided = await Scorecard.aggregate<{ _id: string }>([
		{ $match: { competition, round, status: { $in: [...dealt] } } },
		{ $group: { _id: '$proposal', n: { $sum: 1 } } },
		{ $match: { n: { $gte: reviews } } },
		{ $project: { _id: 1 } }
	]);
	const enough = new Set(provided.map(({ _id }) => _id));
	return proposals.reduce((sum, id) => (enough.has(id) ? sum : sum + 1), 0);
};

/** How many proposals lack scorecards in the first round, which is dealt before judging begins. */
export const shortOfJudges = async (competition: CompetitionView): Promise<{ reviews: number; short: number }> => {
	const { round, reviews } = await reviewsWanted(competition);
	return { reviews, short: reviews === 0 ? 0 : await shortIn(competition.id, round, reviews, await passedIds(competition.id)) };
};

/** What lacks scorecards: how many proposals, of which round. */
export type Shortage = { round: string; short: number };

/** The first round that lacks scorecards; later ones count once they have been dealt, by as many as they were dealt. */
const firstShort = async (competition: CompetitionView): Promise<Shortage> => {
	const [first, ...later] = competition.rounds;
	const { short } = await shortOfJudges(competition);
	if (short > 0 || competition.state !== 'judging') return { round: first?.key ?? '', short };
	for (const round of later.filter(hasJudges)) {
		const last = await Assignment.findOne({ competition: competition.id, round: round.key }, { reviews: 1 }).sort({ competition: 1, at: -1 }).lean();
		if (!last) continue;
		const proposals = await proposalsInRound(competition, round.key);
		const lacking = await shortIn(competition.id, round.key, last.reviews, proposals.map(({ id }) => id));
		if (lacking > 0) return { round: round.key, short: lacking };
	}
	return { round: first?.key ?? '', short: 0 };
};

/**
 * The same as it was a moment ago, for lists of work: what this process changes shows at once, what another does after
 * ten seconds or, where nobody has looked for a while, with the second look.
 */
export const recentlyShort = async (competition: CompetitionView): Promise<Shortage> => {
	const { passed } = await proposalCounts(competition.id);
	return shortages.read(`${competition.id} ${passed} ${competition.state} ${competition.rounds[0]?.reviews}`, () => firstShort(competition));
};

const toJudging = async (competition: CompetitionView): Promise<Blocker[]> => {
	// A competition only the public judges needs nobody appointed.
	if (!competition.rounds.some(hasJudges)) return [];
	if (!(await Judge.exists({ competition: competition.id, status: { $ne: 'removed' } })))
		return [{ code: 'judge_none_yet', params: {}, href: page(competition, 'judges') }];
	const { reviews, short } = await shortOfJudges(competition);
	return short > 0
		? [{ code: 'judge_too_few', params: { n: short, reviews }, href: page(competition, 'assignment') }]
		: [];
};

const toDeliberation = async (competition: CompetitionView, reason: string): Promise<Blocker[]> => {
	const open = await Scorecard.countDocuments({ competition: competition.id, status: { $in: ['assigned', 'draft'] } });
	if (reason !== '') return [];
	const unscored = await unscoredRounds(competition);
	return [
		...(open > 0 ? [{ code: 'score_still_open', params: { n: open }, href: page(competition, 'progress') }] : []),
		...unscored.map(({ key, label, n, of }) => ({
			code: n === of ? 'round_unscored' : 'round_partly_unscored',
			params: { label, n },
			href: `${page(competition, 'rounds')}#round-${key}`
		}))
	];
};

const toNotice = async (competition: CompetitionView): Promise<Blocker[]> => {
	const [{ rows }, decision] = await Promise.all([allRankingRows(competition), Decision.findById(competition.id).lean()]);
	const href = page(competition, 'decision');
	const decided = rows.map((row) => ({
		proposal: row.proposal,
		rank: row.rank,
		outcome: decision?.rows[row.proposal]?.outcome ?? null,
		amount: decision?.rows[row.proposal]?.amount ?? 0,
		reason: decision?.rows[row.proposal]?.reason ?? ''
	}));
	const undecided = decided.filter((row) => row.outcome === null).length;
	if (undecided > 0) return [{ code: 'decide_incomplete', params: { n: undecided }, href }];
	const wordless = new Set(unexplained(decided));
	if (wordless.size > 0) {
		const numbers = rows.filter((row) => wordless.has(row.proposal)).map((row) => row.number);
		return [{ code: 'decide_reasons_missing', params: { n: wordless.size, numbers: listed(numbers) }, href }];
	}
	const uncorrected = await Objection.find({ competition: competition.id, status: 'upheld', correction: null }, { receipt: 1 }).lean();
	return uncorrected.length > 0
		? [{ code: 'objection_needs_correction', params: { receipts: listed(uncorrected.map(({ receipt }) => receipt)) }, href: page(competition, 'notice') }]
		: [];
};

/** The first few of a list, and that there are more. */
const listed = (items: readonly string[]): string => `${items.slice(0, 8).join(', ')}${items.length > 8 ? ' …' : ''}`;

const toDecided = async (competition: CompetitionView, reason: string): Promise<Blocker[]> => {
	const [result, objections] = await Promise.all([
		Result.findOne({ competition: competition.id }, { n: 1, noticeUntil: 1 }).sort({ competition: 1, n: -1 }).lean(),
		Objection.find({ competition: competition.id, status: { $in: ['received', 'reviewing', 'upheld'] } }, { receipt: 1, status: 1, n: 1 }).lean()
	]);
	const href = page(competition, 'notice');
	if (!result) return [{ code: 'result_not_yet', params: {}, href }];
	// No reason given by whoever is in a hurry lets an unanswered objection be passed over.
	const open = objections.filter(({ status }) => isOpen(status));
	if (open.length > 0) return [{ code: 'objection_open', params: { n: open.length, receipts: listed(open.map(({ receipt }) => receipt)) }, href }];
	const uncorrected = objections.filter(({ n }) => n >= result.n);
	if (uncorrected.length > 0)
		return [{ code: 'objection_uncorrected', params: { receipts: listed(uncorrected.map(({ receipt }) => receipt)) }, href }];
	return result.noticeUntil > now() && reason === ''
		? [{ code: 'result_notice_running', params: { day: dayOf(new Date(result.noticeUntil.getTime() - 1)) }, href }]
		: [];
};

/** Registers what judging asks for before a competition may go on. */
export const registerJudgingGuards = (): void => {
	registerTransitionGuard('judging', 'judging', toJudging);
	registerTransitionGuard('deliberation', 'judging', toDeliberation);
	registerTransitionGuard('notice', 'judging', toNotice);
	registerTransitionGuard('decided', 'judging', toDecided);
};
