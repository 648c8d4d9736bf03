import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Round } from '#lib/domain/competitions/types.ts';
import { assignJudges, type AssignmentResult, type Suggestion } from '#lib/domain/judging/assignment.ts';
import { defaultGroup, groupInRound, hasJudges, quotasOf } from '#lib/domain/judging/groups.ts';
import { hash32 } from '#lib/domain/judging/random.ts';
import type { AssignmentRequest } from '#lib/domain/judging/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { conflict, invalidField } from '#lib/server/platform/errors.ts';
import { newSecret, sha256 } from '#lib/server/platform/secrets.ts';
import { canonicalJson, recordAct } from '../../audit/index.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import type { PassedProposal } from '../../proposals/index.ts';
import { beforeRoundCloses, chainOf, competitionFor, roundOf } from '../access.ts';
import { affinityOf, conflictsOf } from '../conflicts.ts';
import { proposalsInRound } from '../round-inputs.ts';
import { Assignment, AssignmentLock, Judge, Scorecard, type JudgeDocument, type ScorecardDocument } from '../model.ts';

/** A judge without a limit can take every proposal. */
const unlimited = 100_000;

export type AssignmentAnswer = {
	seed: string;
	round: string;
	reviews: number;
	assignments: { proposal: string; judge: string }[];
	added: number;
	removed: number;
	load: { judge: string; name: string; n: number; cap: number | null }[];
	unfilled: { proposal: string; number: string; missing: number; reason: string }[];
	suggestion: Suggestion | null;
};

/** A fresh scorecard of a pair, with everything the judge's queue shows. */
export const newScorecard = (
	competition: CompetitionView,
	round: string,
	judge: JudgeDocument,
	proposal: PassedProposal
): ScorecardDocument => ({
	_id: newId(),
	competition: competition.id,
	round,
	proposal: proposal.id,
	proposalNumber: proposal.number,
	proposalTitle: proposal.title,
	organizationName: proposal.organizationName,
	judge: judge._id.toHexString(),
	user: judge.user ?? '',
	status: 'assigned',
	scores: {},
	comments: {},
	overall: '',
	total: null,
	filled: 0,
	order: hash32(`${competition.drawSeed}\n${judge._id.toHexString()}\n${proposal.id}`, 11),
	recusal: null,
	lastSave: { client: '', seq: 0 },
	assignedAt: now(),
	startedAt: null,
	savedAt: null,
	submittedAt: null,
	touchedAt: null,
	closedAt: null,
	reopened: [],
	version: 0
});

/**
 * Deals out scorecards by the published method: conflicts are refused, caps hold, loads are even, the draw follows
 * the seed. Only adds what is missing; with `redeal`, scorecards nobody has started may move. Started ones always stay.
 */
export const assign = async (actor: Actor, competitionId: string, request: AssignmentRequest): Promise<AssignmentAnswer> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	beforeRoundCloses(competition);
	const round = roundOf(competition, request.round);
	if (!hasJudges(round)) throw invalidField('round', 'round_by_codes');
	if (quotasOf(round) && (request.reviews ?? round.reviews) !== round.reviews)
		throw invalidField('reviews', 'group_reviews_fixed', { n: round.reviews });
	await takeLock(competitionId);
	try {
		return await deal(actor, competition, {
			of: round,
			round: round.key,
			reviews: request.reviews ?? round.reviews,
			seed: request.seed === '' ? newSecret(9) : request.seed,
			redeal: request.redeal
		});
	} finally {
		await AssignmentLock.deleteOne({ _id: competitionId });
	}
};

/** One deal at a time in a competition; released by deleting the lock. */
export const takeLock = async (competition: string): Promise<void> => {
	const at = now();
	const heldUntil = new Date(at.getTime() + 60_000);
	try {
		await AssignmentLock.updateOne({ _id: competition, heldUntil: { $lt: at } }, { $set: { heldUntil } }, { upsert: true });
	} catch (error) {
		if (isDuplicateKey(error)) throw conflict('judge_assigning_now');
		throw error;
	}
};

type Deal = { of: Round; round: string; reviews: number; seed: string; redeal: boolean };

const deal = async (actor: Actor, competition: CompetitionView, { of, round, reviews, seed, redeal }: Deal): Promise<AssignmentAnswer> => {
	const [proposals, all, cards] = await Promise.all([
		proposalsInRound(competition, round),
		Judge.find({ competition: competition.id, status: { $ne: 'removed' } }).sort({ competition: 1, name: 1, _id: 1 }).lean(),
		Scorecard.find({ competition: competition.id, round }, { judge: 1, proposal: 1, status: 1 }).lean()
	]);
	const judges = all.filter((judge) => groupInRound(of, judge.group ?? defaultGroup) !== null);
	if (judges.length === 0) throw conflict('judge_none_yet');
	if (proposals.length === 0) throw conflict('judge_no_proposals');
	const found = await conflictsOf(competition, judges, proposals);
	const recused = cards.filter((card) => card.status === 'recused');
	const fixed = cards.filter((card) => card.status !== 'recused' && !(redeal && card.status === 'assigned'));
	const quotas = quotasOf(of);
	const groupFor = (judge: JudgeDocument) => (quotas ? { group: groupInRound(of, judge.group ?? defaultGroup) ?? '' } : {});
	const input = {
		proposals: proposals.map((proposal) => proposal.id),
		judges: judges.map((judge) => ({ id: judge._id.toHexString(), cap: judge.cap ?? unlimited, ...groupFor(judge) })),
		conflicts: [...found, ...recused].map(({ judge, proposal }) => ({ judge, proposal })),
		affinity: affinityOf(judges, proposals),
		reviews,
		...(quotas ? { quotas } : {}),
		fixed: fixed.map(({ judge, proposal }) => ({ judge, proposal })),
		seed
	};
	const dealt = assignJudges(input);
	const removed = redeal ? await withdrawUnstarted(cards, dealt) : 0;
	const added = await addCards(competition, round, judges, proposals, cards, dealt);
	const names = new Map(judges.map((judge) => [judge._id.toHexString(), judge]));
	const load = dealt.load.map(({ judge, n }) => ({ judge, n, cap: names.get(judge)?.cap ?? null }));
	const unfilled = dealt.unfilled.map(({ proposal, missing, reason }) => ({ proposal, missing, reason }));
	const inputs = sha256(canonicalJson(input));
	const by = actor.kind === 'user' ? actor.name : '';
	await Assignment.create({
		_id: newId(),
		...{ competition: competition.id, round, seed, reviews, redeal, inputs, added, removed, load, unfilled },
		at: now(),
		byName: by
	});
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'judges_assigned',
		subject: competition.id,
		detail: { round, seed, reviews, inputs, added, removed, unfilled: unfilled.length }
	});
	const numbers = new Map(proposals.map((proposal) => [proposal.id, proposal.number]));
	return {
		...{ seed, round, reviews, assignments: dealt.assignments, added, removed },
		load: load.map((line) => ({ ...line, name: names.get(line.judge)?.name ?? '' })),
		unfilled: unfilled.map((line) => ({ ...line, number: numbers.get(line.proposal) ?? '' })),
		suggestion: dealt.suggestion
	};
};

type Card = Pick<ScorecardDocument, '_id' | 'judge' | 'proposal' | 'status'>;
const pairOf = ({ judge, proposal }: { judge: string; proposal: string }): string => `${judge} ${proposal}`;

/** Takes back unstarted scorecards the new deal does not contain; one started meanwhile stays. */
const withdrawUnstarted = async (cards: readonly Card[], dealt: AssignmentResult): Promise<number> => {
	const wanted = new Set(dealt.assignments.map(pairOf));
	const gone = cards.filter((card) => card.status === 'assigned' && !wanted.has(pairOf(card)));
	if (gone.length === 0) return 0;
	const { deletedCount } = await Scorecard.deleteMany({ _id: { $in: gone.map((card) => card._id) }, status: 'assigned' });
	return deletedCount;
};

/** Stores the scorecards of a deal that are not there yet. */
export const addCards = async (
	competition: CompetitionView,
	round: string,
	judges: readonly JudgeDocument[],
	proposals: readonly PassedProposal[],
	cards: readonly Card[],
	dealt: Pick<AssignmentResult, 'assignments'>
): Promise<number> => {
	const known = new Set(cards.map(pairOf));
	const judgeById = new Map(judges.map((judge) => [judge._id.toHexString(), judge]));
	const proposalById = new Map(proposals.map((proposal) => [proposal.id, proposal]));
	const fresh = dealt.assignments.flatMap((pair) => {
		const judge = judgeById.get(pair.judge);
		const proposal = proposalById.get(pair.proposal);
		return known.has(pairOf(pair)) || !judge || !proposal ? [] : [newScorecard(competition, round, judge, proposal)];
	});
	// Parts of five hundred keep each message to the store small.
	for (let at = 0; at < fresh.length; at += 500) await Scorecard.insertMany(fresh.slice(at, at + 500), { ordered: false, lean: true });
	return fresh.length;
};
