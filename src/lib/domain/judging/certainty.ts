import { budgetLine } from '#lib/domain/judging/budget-line.ts';
import { calibrate, overlappingLine, type Calibration, type CalibrationNote } from '#lib/domain/judging/calibrated/calibrate.ts';
import { outlook, type Outlook } from '#lib/domain/judging/calibrated/outlook.ts';
import { calibratedOverRounds } from '#lib/domain/judging/calibrated/over-rounds.ts';
import { influentialJudges, type Influence } from '#lib/domain/judging/influence.ts';
import { byText, lotNumber } from '#lib/domain/judging/random.ts';
import { scoreProposal, type AggregateRule, type ScorecardTotal } from '#lib/domain/judging/ranking.ts';
import { combinedRanking, participants, type CombinedInput, type RoundInput } from '#lib/domain/judging/rounds.ts';

/** Everything beside an official ranking that says how sure one can be of it. Plain data, so that a worker can compute it. */
export interface CertaintyInput {
	/** What the official ranking was computed from; recused judges' cards are out. */
	ranking: CombinedInput;
	/** What each proposal asks for, in fen. */
	requestedFen: ReadonlyMap<string, number>;
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
	/** Of the last round that has begun; with several rounds the proposals' figures are those over all of them. */
	calibration: Omit<Calibration, 'notes'> & { notes: (CalibrationNote | 'several_rounds' | 'influence_left_out')[] };
	/** Key of that round. */
	round: string;
	/** How many proposals the fund covers wholly in the official order. */
	places: number;
	/** Proposals that cannot be told apart at the fund's end, in official order. */
	band: string[];
	rules: RuleWinners[];
	influence: Influence[];
	/** Empty with several rounds. */
	outlook: Outlook[];
}

/** Further reviews the outlook looks at. */
export const outlookSteps = [1, 2, 3, 5] as const;

/**
 * How sure a ranking is: calibrated scores with intervals, the band at the fund's end, the winners under each rule, the
 * judges whose absence would change them, and what more reviews would settle. Nothing of it changes the official order.
 * @throws RangeError as {@link calibrate}, {@link combinedRanking} and {@link budgetLine} do
 */
export function certainty({ ranking, requestedFen, fundFen, seed, draws = 2000 }: CertaintyInput): Certainty {
	const winnersOf = (ranked: readonly { proposal: string }[]): string[] => budgetLine(ranked, requestedFen, fundFen).inside;
	const official = combinedRanking(ranking);
	const winners = winnersOf(official.ranked);
	const places = winners.length;
	const calibration = calibrationOf(ranking, official, { seed, draws, places });
	// A line with nobody outside, or nobody inside, separates nobody.
	const overlapping = new Set(places > 0 && places < calibration.proposals.length ? overlappingLine(calibration.proposals, places) : []);
	const band = official.ranked.flatMap(({ proposal }) => (overlapping.has(proposal) ? [proposal] : []));
	const compare = (rule: RuleWinners['rule'], ranked: readonly { proposal: string }[]): RuleWinners => {
		const own = winnersOf(ranked);
		return { rule, winners: own, enters: own.filter((one) => !winners.includes(one)), leaves: winners.filter((one) => !own.includes(one)) };
	};
	const byRule = (rule: AggregateRule) => combinedRanking({ ...ranking, rounds: ranking.rounds.map((round) => ({ ...round, rule })) }).ranked;
	const everywhere = ranking.rounds.every((round) => round.rule === 'calibrated' || !official.begun.includes(round.key));
	const influence = influenceOn(ranking, winnersOf);
	return {
		calibration: influence ? calibration : { ...calibration, notes: [...calibration.notes, 'influence_left_out'] },
		round: official.begun.at(-1) ?? ranking.rounds[0]?.key ?? '',
		places,
		band,
		rules: [
			compare('mean', byRule('mean')),
			compare('trimmed', byRule('trimmed')),
			// Where the call itself says calibrated, its own order is meant: with groups by weight and ties by criteria.
			compare('calibrated', everywhere ? official.ranked : calibratedOrder(calibration.proposals, ranking.tieBreak.seed))
		],
		influence: influence ?? [],
		outlook: official.begun.length > 1 ? [] : outlook({ ...calibration, notes: [] }, band, places, outlookSteps, seed)
	};
}

type Options = { seed: string; draws: number; places: number };

const calibrationOf = (ranking: CombinedInput, official: ReturnType<typeof combinedRanking>, options: Options): Certainty['calibration'] => {
	const inside = participants(ranking.proposals, ranking.rounds);
	const begun = ranking.rounds.flatMap((round, at) => (official.begun.includes(round.key) ? [{ round, inside: inside[at] ?? new Set<string>() }] : []));
	const last = begun.at(-1);
	if (!last) return calibrate([], options);
	const ofRound = ({ round, inside: own }: { round: RoundInput; inside: Set<string> }): Calibration =>
		calibrate(
			countedIn(round, own).map(({ proposal, judge, total }) => ({ proposal, judge, score: total / 100 })),
			options
		);
	const decisive = ofRound(last);
	if (begun.length === 1 && !ranking.bonus) return decisive;
	const calibrations = new Map(begun.map((one) => [one.round.key, one === last ? decisive : ofRound(one)]));
	const proposals = official.ranked.map(({ proposal, bonus }) => ({
		proposal,
		bonus: bonus / 100,
		tier: inside.filter((round) => round.has(proposal)).length,
		rounds: begun.filter((one) => one.inside.has(proposal)).map(({ round }) => round.key)
	}));
	const weights = new Map(begun.map(({ round }) => [round.key, round.weight]));
	return {
		...decisive,
		proposals: calibratedOverRounds(proposals, weights, calibrations, options),
		notes: begun.length > 1 ? [...decisive.notes, 'several_rounds'] : decisive.notes
	};
};

const countedIn = (round: RoundInput, inside: ReadonlySet<string>): ScorecardTotal[] => {
	const members = round.groups && new Set(round.groups.flatMap(({ judges }) => judges));
	return round.scorecards.filter(({ proposal, judge }) => inside.has(proposal) && (!members || members.has(judge)));
};

/** Cards that may be calibrated anew in all for leaving out one judge after the other: some seconds of work. */
const mostRecalibrated = 200_000;

/** Null where calibrating anew without each judge would take too long. */
const influenceOn = (ranking: CombinedInput, winnersOf: (ranked: readonly { proposal: string }[]) => string[]): Influence[] | null => {
	const [only, ...others] = ranking.rounds;
	const everyJudge = new Set(ranking.rounds.flatMap(({ scorecards }) => scorecards.map(({ judge }) => judge))).size;
	const cards = ranking.rounds.reduce((sum, { rule, scorecards }) => sum + (rule === 'calibrated' ? scorecards.length : 0), 0);
	if (everyJudge * cards > mostRecalibrated) return null;
	// One plain round, the usual case: a judge's absence touches that judge's proposals only, which is much quicker.
	if (only && only.rule !== 'calibrated' && others.length === 0 && !ranking.bonus) {
		const known = new Set(ranking.proposals);
		return influentialJudges({
			cards: countedIn(only, known),
			scoreOf: (proposal, own) => scoreProposal(proposal, own, { ...only, tieBreak: ranking.tieBreak }),
			tieBreak: ranking.tieBreak,
			winnersOf
		});
	}
	const winners = winnersOf(combinedRanking(ranking).ranked);
	const judges = [...new Set(ranking.rounds.flatMap(({ scorecards }) => scorecards.map(({ judge }) => judge)))];
	return judges.sort(byText).flatMap((judge) => {
		const rounds = ranking.rounds.map((round) => ({ ...round, scorecards: round.scorecards.filter((card) => card.judge !== judge) }));
		const without = winnersOf(combinedRanking({ ...ranking, rounds }).ranked);
		const enters = without.filter((proposal) => !winners.includes(proposal));
		const leaves = winners.filter((proposal) => !without.includes(proposal));
		return enters.length + leaves.length > 0 ? [{ judge, enters, leaves }] : [];
	});
};

/** By calibrated rank; equal ones by lot. */
const calibratedOrder = (proposals: Calibration['proposals'], seed: string): { proposal: string }[] =>
	[...proposals].sort(
		(a, b) => a.rank - b.rank || lotNumber(seed, a.proposal) - lotNumber(seed, b.proposal) || byText(a.proposal, b.proposal)
	);
