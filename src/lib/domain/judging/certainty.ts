import { calibrate, overlappingLine, type Calibration } from '#lib/domain/judging/calibrated/calibrate.ts';
import { outlook, type Outlook } from '#lib/domain/judging/calibrated/outlook.ts';
import { budgetLine } from '#lib/domain/judging/budget-line.ts';
import { influentialJudges, type Influence } from '#lib/domain/judging/influence.ts';
import { byText, lotNumber } from '#lib/domain/judging/random.ts';
import {
	officialRanking,
	scoreProposal,
	type AggregateRule,
	type JudgeGroup,
	type ScorecardTotal,
	type TieBreak
} from '#lib/domain/judging/ranking.ts';

/** Everything beside an official ranking that says how sure one can be of it. Plain data, so that a worker can compute it. */
export interface CertaintyInput {
	/** Official order, first rank first, with what each asks for in fen. */
	official: readonly { proposal: string; requestedFen: number }[];
	/** Counted scorecards of the round; recused judges' are out. */
	cards: readonly ScorecardTotal[];
	rule: AggregateRule;
	tieBreak: TieBreak;
	groups?: readonly JudgeGroup[];
	fundFen: number;
	seed: string;
	/** Draws from the posterior; 2,000 unless told. */
	draws?: number;
}

/** Who would win under a rule. */
export interface RuleWinners {
	rule: 'mean' | 'trimmed' | 'calibrated';
	/** Covered by the fund in that rule's order. */
	winners: string[];
	/** Winners here that the official order does not cover, and the other way round. */
	enters: string[];
	leaves: string[];
}

export interface Certainty {
	calibration: Calibration;
	/** How many proposals the fund covers wholly in the official order. */
	places: number;
	/** Proposals that cannot be told apart at the fund's end, in official order. */
	band: string[];
	rules: RuleWinners[];
	influence: Influence[];
	outlook: Outlook[];
}

/** Further reviews the outlook looks at. */
export const outlookSteps = [1, 2, 3, 5] as const;

const toPoints = (hundredths: number): number => hundredths / 100;

/**
 * How sure a ranking is: calibrated scores with intervals, the band at the fund's end, the winners under each rule, the
 * judges whose absence would change them, and what more reviews would settle. Nothing of it changes the official order.
 * @throws RangeError as {@link calibrate}, {@link officialRanking} and {@link budgetLine} do
 */
export function certainty(input: CertaintyInput): Certainty {
	const requested = new Map(input.official.map(({ proposal, requestedFen }) => [proposal, requestedFen]));
	const winnersOf = (ranked: readonly { proposal: string }[]): string[] => budgetLine(ranked, requested, input.fundFen).inside;
	const cards = input.cards.filter(({ proposal }) => requested.has(proposal));
	const winners = winnersOf(input.official);
	const places = winners.length;
	const calibration = calibrate(
		cards.map(({ proposal, judge, total }) => ({ proposal, judge, score: toPoints(total) })),
		{ seed: input.seed, draws: input.draws ?? 2000, places }
	);
	// A line with nobody outside, or nobody inside, separates nobody.
	const overlapping = new Set(places > 0 && places < calibration.proposals.length ? overlappingLine(calibration.proposals, places) : []);
	const band = input.official.flatMap(({ proposal }) => (overlapping.has(proposal) ? [proposal] : []));
	const compare = (rule: RuleWinners['rule'], ranked: readonly { proposal: string }[]): RuleWinners => {
		const own = winnersOf(ranked);
		return { rule, winners: own, enters: own.filter((one) => !winners.includes(one)), leaves: winners.filter((one) => !own.includes(one)) };
	};
	const byRule = (rule: AggregateRule) =>
		officialRanking({ proposals: [...requested.keys()], scorecards: cards, rule, tieBreak: input.tieBreak, groups: input.groups }).ranked;
	return {
		calibration,
		places,
		band,
		rules: [
			compare('mean', byRule('mean')),
			compare('trimmed', byRule('trimmed')),
			compare('calibrated', calibratedOrder(calibration, input.tieBreak.seed))
		],
		influence: influentialJudges({
			cards,
			scoreOf: (proposal, own) => {
				const counted = input.groups ? own.filter(({ judge }) => input.groups?.some(({ judges }) => judges.includes(judge))) : own;
				return counted.length > 0 ? scoreProposal(proposal, counted, input) : null;
			},
			tieBreak: input.tieBreak,
			winnersOf
		}),
		outlook: outlook(calibration, band, places, outlookSteps, input.seed)
	};
}

/** By calibrated score; equal ones by lot. */
const calibratedOrder = ({ proposals }: Calibration, seed: string): { proposal: string }[] =>
	[...proposals].sort(
		(a, b) => a.rank - b.rank || lotNumber(seed, a.proposal) - lotNumber(seed, b.proposal) || byText(a.proposal, b.proposal)
	);
