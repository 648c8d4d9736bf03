import { calibrate, type CalibrationNote } from '#lib/domain/judging/calibrated/calibrate.ts';
import { ratio, type Ratio } from '#lib/domain/judging/exact.ts';

/**
 * The calibrated score as a published rule: what lenient and severe judges add is taken out before scores are compared.
 * The estimate is computed in floating point, so it is made a fixed decimal once, here; from then on it is compared,
 * weighted and rounded exactly like any other score. It may lie a little above the most points a card can have.
 */

/** Decimals kept of the estimate: far more than are printed, far fewer than the arithmetic is good for. */
const UNITS_PER_POINT = 1_000_000;

/**
 * Why scores that should be calibrated are averaged instead, all those of the round (or judge group) alike:
 * - `too_few`: one proposal, one judge, one score each, or no judge with two proposals, so nobody's leniency shows;
 * - `disconnected`: panels share neither proposals nor judges, so nothing says which of them is more lenient;
 * - `no_difference`: the scores show no difference between proposals beyond chance, so every estimate is the same.
 */
export type CalibrationRefusal = 'too_few' | 'disconnected' | 'no_difference';

export type OfficialCalibration =
	| { scores: ReadonlyMap<string, Ratio>; refusal: null }
	| { scores: null; refusal: CalibrationRefusal };

const refusals: Partial<Record<CalibrationNote, CalibrationRefusal>> = {
	no_scores: 'too_few',
	single_proposal: 'too_few',
	single_judge: 'too_few',
	one_review_each: 'too_few',
	judge_not_estimable: 'too_few',
	disconnected: 'disconnected',
	no_spread: 'no_difference',
	proposal_variance_zero: 'no_difference'
};

/** Names under which the scores are published; ids not in it stand for themselves. */
export interface PublicNames {
	proposals: ReadonlyMap<string, string>;
	judges: ReadonlyMap<string, string>;
}

/**
 * The official calibrated scores of a round's (or group's) cards, by proposal, or why there are none. The arithmetic
 * goes through the cards in the order of their published names, so that whoever has only the public file gets the same
 * figures to the last digit.
 * @param cards totals in hundredths of a point; at most one of a judge for a proposal
 */
export function officialCalibration(
	cards: readonly { proposal: string; judge: string; total: number }[],
	names?: PublicNames
): OfficialCalibration {
	const ids = new Map<string, string>();
	const scores = cards.map(({ proposal, judge, total }) => {
		const name = names?.proposals.get(proposal) ?? proposal;
		ids.set(name, proposal);
		return { proposal: name, judge: names?.judges.get(judge) ?? judge, score: total / 100 };
	});
	// Only the scores count here: one draw is enough, ranks are not made from it.
	const { proposals, notes } = calibrate(scores, { seed: '', draws: 1 });
	const refusal = notes.flatMap((note) => refusals[note] ?? [])[0];
	if (refusal) return { scores: null, refusal };
	return {
		scores: new Map(proposals.map(({ proposal, score }) => [ids.get(proposal) ?? proposal, ratio(Math.round(score * UNITS_PER_POINT), UNITS_PER_POINT)])),
		refusal: null
	};
}
