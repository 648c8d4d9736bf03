import type { Round } from '#lib/domain/competitions/types.ts';
import { defaultGroup, groupInRound, groupsOf } from '#lib/domain/judging/groups.ts';
import { anonymousNames } from '#lib/domain/judging/publication.ts';
import { participants, type CombinedInput, type RoundInput } from '#lib/domain/judging/rounds.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { passedProposals, type PassedProposal } from '../proposals/index.ts';
import { Judge, Scorecard } from './model.ts';
import { Advancement, BonusGrant, JuryCode } from './rounds-model.ts';

/** A scorecard or a ballot as far as ranking needs it: `judge` is a judge's id, or `code:` and a number for a ballot. */
export type CountedCard = {
	round: string;
	/** The judge group it counts in. */
	group: string;
	proposal: string;
	judge: string;
	/** Hundredths of a point. */
	total: number;
	/** Marks in hundredths. */
	criteria: Record<string, number>;
};

/** Whether a counted card is a ballot of the public jury. */
export const isBallot = ({ judge }: Pick<CountedCard, 'judge'>): boolean => judge.startsWith('code:');

const inHundredths = (scores: Record<string, number>): Record<string, number> =>
	Object.fromEntries(Object.entries(scores).map(([key, points]) => [key, points * 100]));

/** The submitted scorecards; recused ones are out before anything is trimmed. */
const submittedCards = async (competition: CompetitionView, groups: ReadonlyMap<string, string>): Promise<CountedCard[]> => {
	const cards = await Scorecard.find(
		{ competition: competition.id, status: 'submitted' },
		{ round: 1, proposal: 1, judge: 1, total: 1, scores: 1 }
	).lean();
	const rounds = new Map(competition.rounds.map((round) => [round.key, round]));
	return cards.flatMap(({ round: key, proposal, judge, total, scores }) => {
		const round = rounds.get(key);
		const group = round && groupInRound(round, groups.get(judge) ?? defaultGroup);
		return group ? [{ round: key, group, proposal, judge, total: total ?? 0, criteria: inHundredths(scores) }] : [];
	});
};

const usesCodes = (round: Round): boolean => groupsOf(round).some(({ by }) => by === 'codes');

/** The ballots of the public jury, a card for each proposal scored. */
const ballotCards = async (competition: CompetitionView): Promise<CountedCard[]> => {
	if (!competition.rounds.some(usesCodes)) return [];
	const ballots = await JuryCode.find({ competition: competition.id, status: 'used' }, { round: 1, group: 1, n: 1, scores: 1, totals: 1 }).lean();
	return ballots.flatMap(({ round, group, n, scores, totals }) =>
		Object.entries(totals).map(([proposal, total]) => ({
			...{ round, group, proposal, judge: `code:${n}`, total },
			criteria: inHundredths(scores[proposal] ?? {})
		}))
	);
};

const weighted = (round: Round, cards: readonly CountedCard[]): RoundInput['groups'] =>
	round.groups.length === 0
		? undefined
		: round.groups.map(({ key, weight }) => ({
				key,
				weight,
				judges: [...new Set(cards.filter(({ group }) => group === key).map(({ judge }) => judge))]
			}));

export type RankingSources = {
	proposals: PassedProposal[];
	judges: { id: string; name: string }[];
	cards: CountedCard[];
	input: CombinedInput;
};

/** As the notice will name them: what is calibrated has to come out the same from its file. */
const publicNames = (competition: CompetitionView, proposals: readonly PassedProposal[], cards: readonly CountedCard[]): CombinedInput['names'] => ({
	proposals: new Map(proposals.map(({ id, number }) => [id, number])),
	judges: anonymousNames([...new Set(cards.map(({ judge }) => judge))], competition.drawSeed)
});

/** Everything the official ranking of a competition is computed from. */
export const rankingSources = async (competition: CompetitionView): Promise<RankingSources> => {
	const [proposals, judges, advancements, bonus] = await Promise.all([
		passedProposals(competition.id),
		Judge.find({ competition: competition.id }, { name: 1, group: 1 }).sort({ competition: 1, name: 1, _id: 1 }).lean(),
		competition.rounds.length > 1 ? Advancement.find({ competition: competition.id }).lean() : [],
		competition.bonus ? BonusGrant.find({ competition: competition.id }).lean() : []
	]);
	const groups = new Map(judges.map((judge) => [judge._id.toHexString(), judge.group ?? defaultGroup]));
	const cards = [...(await submittedCards(competition, groups)), ...(await ballotCards(competition))];
	const known = new Set(proposals.map(({ id }) => id));
	const counted = cards.filter(({ proposal }) => known.has(proposal));
	const points = new Map((competition.bonus?.reasons ?? []).map((reason) => [reason.key, reason.points * 100]));
	const rounds = competition.rounds.map((round): RoundInput => {
		const scorecards = counted.filter((card) => card.round === round.key);
		return {
			key: round.key,
			weight: round.weight,
			rule: round.rule,
			groups: weighted(round, scorecards),
			advanced: advancements.find((one) => one.round === round.key)?.proposals ?? null,
			scorecards
		};
	});
	return {
		proposals,
		judges: judges.map((judge) => ({ id: judge._id.toHexString(), name: judge.name })),
		cards: counted,
		input: {
			proposals: proposals.map(({ id }) => id),
			rounds,
			tieBreak: { criteria: competition.rounds[0]?.tieBreak ?? [], seed: competition.drawSeed },
			...(competition.rounds.some(({ rule }) => rule === 'calibrated') ? { names: publicNames(competition, proposals, counted) } : {}),
			...(competition.bonus
				? {
						bonus: {
							capHundredths: competition.bonus.cap * 100,
							points: new Map(bonus.map(({ _id, keys }) => [_id, keys.reduce((sum, key) => sum + (points.get(key) ?? 0), 0)]))
						}
					}
				: {})
		}
	};
};

/** The proposals that take part in a round: all that passed screening, less those that did not advance to it. */
export const proposalsInRound = async (competition: CompetitionView, round: string): Promise<PassedProposal[]> => {
	const [proposals, advancements] = await Promise.all([
		passedProposals(competition.id),
		competition.rounds.length > 1 ? Advancement.find({ competition: competition.id }, { round: 1, proposals: 1 }).lean() : []
	]);
	const rounds = competition.rounds.map(({ key }) => ({ advanced: advancements.find((one) => one.round === key)?.proposals ?? null }));
	const inside = participants(proposals.map(({ id }) => id), rounds)[competition.rounds.findIndex(({ key }) => key === round)];
	return proposals.filter(({ id }) => inside?.has(id));
};
