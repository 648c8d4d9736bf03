import type { Actor } from '#lib/domain/accounts/types.ts';
import { defaultGroup, groupInRound, hasJudges } from '#lib/domain/judging/groups.ts';
import type { ScorecardStatus } from '#lib/domain/judging/types.ts';
import { passedProposals } from '../../proposals/index.ts';
import { competitionFor, roundOf } from '../access.ts';
import { conflictsOf } from '../conflicts.ts';
import { reviewsWanted } from '../guards.ts';
import { proposalsInRound } from '../round-inputs.ts';
import { Assignment, Judge, Scorecard } from '../model.ts';
import { lastReminders } from './reminders.ts';

/** How far judging is: counts only, no scores. */
export type Progress = {
	/** The round the rest is about; null: all of them together. */
	round: string | null;
	/** The rounds judges score in. */
	rounds: { key: string; label: string; assigned: number; submitted: number }[];
	reviews: number;
	judges: { id: string; name: string; status: string; assigned: number; submitted: number; recused: number; remindedAt: Date | null }[];
	proposals: { id: string; number: string; title: string; assigned: number; submitted: number; recused: number }[];
	total: { assigned: number; submitted: number; recused: number };
	/** Recused scorecards, newest first: they may need another judge. */
	recusals: { proposal: string; number: string; judgeName: string; reason: string; at: Date }[];
	/** Submitted scorecards the organizer may open again, by judge. */
	submittedCards: { id: string; judge: string; judgeName: string; number: string; title: string; submittedAt: Date | null }[];
};

type Card = { judge: string; proposal: string; status: ScorecardStatus };
const tally = (cards: readonly Card[]) => ({
	assigned: cards.filter((card) => card.status !== 'recused').length,
	submitted: cards.filter((card) => card.status === 'submitted').length,
	recused: cards.filter((card) => card.status === 'recused').length
});

const groupBy = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
	const groups = new Map<string, T[]>();
	for (const item of items) {
		const group = groups.get(key(item));
		if (group) group.push(item);
		else groups.set(key(item), [item]);
	}
	return groups;
};

/**
 * The organizer's view of the round: who has done how much, which proposals still lack scores. Never the scores.
 * `wanted` is a round's key, or `current` for the last one that has scorecards; without it all rounds count together.
 */
export const judgingProgress = async (actor: Actor, competitionId: string, wanted?: string): Promise<Progress> => {
	const competition = await competitionFor(actor, competitionId, 'competition.readWork');
	const [first, judges, passed, everything, reminders] = await Promise.all([
		reviewsWanted(competition),
		Judge.find({ competition: competitionId }, { name: 1, status: 1 }).sort({ competition: 1, name: 1, _id: 1 }).lean(),
		passedProposals(competitionId),
		Scorecard.find({ competition: competitionId }, { judge: 1, proposal: 1, status: 1, submittedAt: 1, recusal: 1, round: 1 }).lean(),
		lastReminders(competitionId)
	]);
	const rounds = competition.rounds.filter(hasJudges).map(({ key, label }) => {
		const { assigned, submitted } = tally(everything.filter((card) => card.round === key));
		return { key, label, assigned, submitted };
	});
	const current = rounds.findLast(({ assigned }) => assigned > 0) ?? rounds[0];
	const shown = wanted === undefined ? null : wanted === 'current' ? (current?.key ?? null) : roundOf(competition, wanted).key;
	const cards = shown === null ? everything : everything.filter(({ round }) => round === shown);
	const proposals = shown === null ? passed : await proposalsInRound(competition, shown);
	const reviews = shown === null || shown === first.round ? first.reviews : roundOf(competition, shown).reviews;
	const byJudge = groupBy(cards, (card) => card.judge);
	const byProposal = groupBy(cards, (card) => card.proposal);
	const names = new Map(judges.map((judge) => [judge._id.toHexString(), judge.name]));
	const titles = new Map(passed.map((proposal) => [proposal.id, proposal]));
	return {
		round: shown,
		rounds,
		reviews,
		judges: judges
			.filter((judge) => judge.status !== 'removed')
			.map((judge) => {
				const id = judge._id.toHexString();
				return { id, name: judge.name, status: judge.status, ...tally(byJudge.get(id) ?? []), remindedAt: reminders.get(id)?.at ?? null };
			}),
		proposals: proposals.map(({ id, number, title }) => ({ id, number, title, ...tally(byProposal.get(id) ?? []) })),
		total: tally(cards),
		recusals: cards
			.flatMap((card) =>
				card.recusal
					? [
							{
								proposal: card.proposal,
								number: titles.get(card.proposal)?.number ?? '',
								judgeName: names.get(card.judge) ?? '',
								reason: card.recusal.reason,
								at: card.recusal.at
							}
						]
					: []
			)
			.sort((a, b) => b.at.getTime() - a.at.getTime()),
		submittedCards: cards
			.filter((card) => card.status === 'submitted')
			.map((card) => ({
				id: card._id.toHexString(),
				judge: card.judge,
				judgeName: names.get(card.judge) ?? '',
				number: titles.get(card.proposal)?.number ?? '',
				title: titles.get(card.proposal)?.title ?? '',
				submittedAt: card.submittedAt
			}))
	};
};

/** The assignment as it stands: who scores what, with the last run. */
export type AssignmentView = {
	round: { key: string; label: string; reviews: number };
	rounds: { key: string; label: string }[];
	judges: { id: string; name: string; status: string; cap: number | null; n: number; started: number }[];
	proposals: { id: string; number: string; title: string; organizationName: string; n: number }[];
	pairs: { id: string; judge: string; proposal: string; status: ScorecardStatus }[];
	conflicts: { judge: string; proposal: string; kinds: string[] }[];
	last: { seed: string; reviews: number; inputs: string; at: Date; byName: string; unfilled: { proposal: string; missing: number; reason: string }[] } | null;
};

/** The table of an assignment for the organizer. */
export const readAssignment = async (actor: Actor, competitionId: string, roundKey?: string): Promise<AssignmentView> => {
	const competition = await competitionFor(actor, competitionId, 'competition.readWork');
	const round = roundOf(competition, roundKey);
	const [all, proposals, cards, last] = await Promise.all([
		Judge.find({ competition: competitionId, status: { $ne: 'removed' } }).sort({ competition: 1, name: 1, _id: 1 }).lean(),
		proposalsInRound(competition, round.key),
		Scorecard.find({ competition: competitionId, round: round.key }, { judge: 1, proposal: 1, status: 1 }).lean(),
		Assignment.findOne({ competition: competitionId, round: round.key }).sort({ competition: 1, at: -1 }).lean()
	]);
	const judges = all.filter((judge) => groupInRound(round, judge.group ?? defaultGroup) !== null);
	const conflicts = await conflictsOf(competition, judges, proposals);
	const active = cards.filter((card) => card.status !== 'recused');
	const byJudge = groupBy(active, (card) => card.judge);
	const byProposal = groupBy(active, (card) => card.proposal);
	return {
		round: { key: round.key, label: round.label, reviews: round.reviews },
		rounds: competition.rounds.filter(hasJudges).map(({ key, label }) => ({ key, label })),
		judges: judges.map((judge) => {
			const id = judge._id.toHexString();
			const own = byJudge.get(id) ?? [];
			return {
				id,
				name: judge.name,
				status: judge.status,
				cap: judge.cap,
				n: own.length,
				started: own.filter((card) => card.status !== 'assigned').length
			};
		}),
		proposals: proposals.map(({ id, number, title, organizationName }) => ({
			id,
			number,
			title,
			organizationName,
			n: byProposal.get(id)?.length ?? 0
		})),
		pairs: cards.map((card) => ({ id: card._id.toHexString(), judge: card.judge, proposal: card.proposal, status: card.status })),
		conflicts: conflicts.map(({ judge, proposal, kinds }) => ({ judge, proposal, kinds })),
		last: last
			? { seed: last.seed, reviews: last.reviews, inputs: last.inputs, at: last.at, byName: last.byName, unfilled: last.unfilled }
			: null
	};
};

/** How many scorecards of a competition have been given out and not submitted; for whoever may read its ranking. */
export const scorecardsOutstanding = (competitionId: string): Promise<number> =>
	Scorecard.countDocuments({ competition: competitionId, status: { $in: ['assigned', 'draft'] } });
