import type { Round } from '#lib/domain/competitions/types.ts';
import { formatHalfUp, fromHundredths } from '#lib/domain/judging/exact.ts';
import { budgetLine, TRIMMING_NEEDS } from '#lib/domain/judging/ranking.ts';
import { combinedRanking, type CombinedInput, type CombinedRanking } from '#lib/domain/judging/rounds.ts';
import { compute } from '#lib/server/platform/compute.ts';
import type { CompetitionView } from '../competitions/index.ts';
import type { PassedProposal } from '../proposals/index.ts';
import type { LineSide, RankingDocument, RankingRow } from './results-model.ts';
import { isBallot, rankingSources, type CountedCard } from './round-inputs.ts';

export type { CountedCard } from './round-inputs.ts';

/** A computed ranking: the head's figures and every row, ranked ones first. */
export type ComputedRanking = {
	head: Omit<RankingDocument, '_id' | 'revision' | 'upTo' | 'computedAt'>;
	rows: RankingRow[];
	cards: CountedCard[];
	/** Who advanced to which round, by proposal id; null: everybody. */
	advanced: Record<string, readonly string[] | null>;
};

const cardsByProposal = (cards: readonly CountedCard[]): Map<string, CountedCard[]> => {
	const groups = new Map<string, CountedCard[]>();
	for (const card of cards) {
		const group = groups.get(card.proposal);
		if (group) group.push(card);
		else groups.set(card.proposal, [card]);
	}
	return groups;
};

/** Whether a score needs more words than one figure: several rounds, judge groups or bonus points. */
export const isComposed = (competition: Pick<CompetitionView, 'rounds' | 'bonus'>): boolean =>
	competition.rounds.length > 1 || competition.bonus !== null || competition.rounds.some(({ groups }) => groups.length > 0);

/** Which cards trimming leaves out: one highest and one lowest total, where it applies. */
const strip = (cards: readonly CountedCard[], judgeAt: ReadonlyMap<string, number>, rule: Round['rule']): RankingRow['cards'] => {
	const sorted = [...cards].sort((a, b) => b.total - a.total || (judgeAt.get(a.judge) ?? 0) - (judgeAt.get(b.judge) ?? 0));
	const trims = rule === 'trimmed' && sorted.length >= TRIMMING_NEEDS;
	return sorted.map(({ judge, total }, at) => ({
		judge: judgeAt.get(judge) ?? -1,
		total,
		dropped: trims && (at === 0 || at === sorted.length - 1)
	}));
};

/** From so many cards on a calibration takes long enough that others should not wait for it. */
const longCalibration = 2000;

const combine = (input: CombinedInput): Promise<CombinedRanking> | CombinedRanking =>
	input.rounds.some(({ rule, scorecards }) => rule === 'calibrated' && scorecards.length >= longCalibration)
		? compute('ranking', input, combinedRanking)
		: combinedRanking(input);

/** How many proposals have a round that should have been trimmed and was averaged. */
const averagedInsteadOf = (ranked: CombinedRanking['ranked'], trimmed: ReadonlySet<string>): number =>
	ranked.filter((one) => one.rounds.some(({ key, appliedRule }) => trimmed.has(key) && appliedRule === 'mean')).length;

/** Computes the official ranking of a competition from its submitted scorecards, with the line the fund draws. */
export const computeRanking = async (competition: CompetitionView): Promise<ComputedRanking> => {
	const { proposals, judges, cards, input } = await rankingSources(competition);
	const combined = await combine(input);
	const places = new Map(combined.ranked.map((place) => [place.proposal, place]));
	const begun = competition.rounds.filter(({ key }) => combined.begun.includes(key));
	const composed = isComposed(competition);
	const judgeAt = new Map(judges.map((judge, at) => [judge.id, at]));
	const byProposal = cardsByProposal(cards);
	const lastRound = begun.at(-1) ?? competition.rounds[0];
	const row = (proposal: PassedProposal): RankingRow => {
		const place = places.get(proposal.id);
		const own = (byProposal.get(proposal.id) ?? []).filter((card) => card.round === lastRound?.key && !isBallot(card));
		return {
			proposal: proposal.id,
			number: proposal.number,
			title: proposal.title,
			organization: proposal.organization,
			organizationName: proposal.organizationName,
			rank: place?.rank ?? null,
			score: place?.hundredths ?? null,
			cards: strip(own, judgeAt, lastRound?.rule ?? 'mean'),
			appliedRule: place?.appliedRule ?? null,
			tie: place?.tieBrokenBy ?? null,
			printsAlike: place?.printsAlike ?? false,
			requested: proposal.requested,
			line: null,
			...(composed && place
				? { rounds: place.rounds, missingRounds: place.missingRounds, reached: place.reached, bonus: place.bonus }
				: {})
		};
	};
	const all = proposals.map(row);
	const ranked = all.filter((one) => one.rank !== null).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
	const line = budgetLine(ranked, new Map(ranked.map((one) => [one.proposal, one.requested])), competition.fund);
	const sides = new Map<string, LineSide>([
		...line.inside.map((id) => [id, 'inside'] as const),
		...(line.straddling ? [[line.straddling.proposal, 'straddling'] as const] : []),
		...line.outside.map((id) => [id, 'outside'] as const)
	]);
	const straddler = ranked.find((one) => one.proposal === line.straddling?.proposal);
	return {
		head: {
			judges,
			proposals: all.length,
			ranked: ranked.length,
			scorecards: cards.length,
			fund: competition.fund,
			requested: all.reduce((sum, one) => sum + one.requested, 0),
			line: {
				inside: line.inside.length,
				spent: line.spentFen,
				left: line.leftFen,
				straddling: line.straddling
					? { number: straddler?.number ?? '', requested: line.straddling.requestedFen, available: line.straddling.availableFen }
					: null
			},
			fellBack: averagedInsteadOf(combined.ranked, new Set(begun.flatMap(({ key, rule }) => (rule === 'trimmed' ? [key] : [])))),
			uncalibrated: combined.uncalibrated,
			ties: ranked.filter((one) => one.tie !== null).length
		},
		rows: [...ranked.map((one) => ({ ...one, line: sides.get(one.proposal) ?? null })), ...all.filter((one) => one.rank === null)],
		cards,
		advanced: Object.fromEntries(input.rounds.map(({ key, advanced }) => [key, advanced]))
	};
};

/** A score in hundredths as it is printed, `85.33`. */
export const scoreText = (hundredths: number | null): string => (hundredths === null ? '' : formatHalfUp(fromHundredths(hundredths)));
