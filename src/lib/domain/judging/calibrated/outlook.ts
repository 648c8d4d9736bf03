import type { Calibration } from '#lib/domain/judging/calibrated/calibrate.ts';
import { createRandom, type Random } from '#lib/domain/judging/random.ts';

/** What more reviews of the contested proposals promise. */
export interface Outlook {
	/** Further reviews for each proposal of the band. */
	more: number;
	/** Proposals that would then still not be told apart at the line: the median over simulated futures. */
	band: number;
}

/** Closer to certain than this, a proposal's side of the line is taken as settled. */
const SETTLED = 0.001;
const FUTURES = 60;

/**
 * How far k more reviews for each proposal of the band would narrow it, before they are asked for. Preposterior analysis
 * (Raiffa and Schlaifer 1961, Applied Statistical Decision Theory): a true value is drawn from each posterior, k reviews
 * of it are simulated with the estimated variance of judge and residual, and the normal posterior is updated,
 * 1/v' = 1/v + k/(σb² + σe²). The new judges are taken as independent of one another and of those before, and
 * proposals as independent of each other. Deterministic for a seed.
 * @param places how many proposals the fund reaches
 * @returns for each of `more` in turn; empty when nothing is contested or the variances could not be estimated
 */
export function outlook(
	calibration: Calibration,
	band: readonly string[],
	places: number,
	more: readonly number[],
	seed: string
): Outlook[] {
	const noise = (calibration.variance.judge ?? 0) + (calibration.variance.residual ?? 0);
	const known = calibration.proposals.filter(({ se, within }) => se !== null && within !== null);
	if (band.length === 0 || known.length < calibration.proposals.length || calibration.variance.residual === null) return [];
	const contested = known.filter(({ within }) => (within ?? 0) > SETTLED && (within ?? 0) < 1 - SETTLED);
	const left = places - known.filter(({ within }) => (within ?? 0) >= 1 - SETTLED).length;
	if (left < 1 || left >= contested.length) return [];
	const asked = new Set(band);
	return more.map((k) => {
		const random = createRandom(`${seed}\n${k}`);
		const bands = Array.from({ length: FUTURES }, () => {
			const future = contested.map(({ proposal, score, se }) => {
				const variance = (se ?? 0) ** 2;
				return asked.has(proposal) ? reviewed(score, variance, noise / k, random) : { mean: score, deviation: Math.sqrt(variance) };
			});
			return contestedPlaces(future, left);
		}).sort((a, b) => a - b);
		return { more: k, band: bands[FUTURES >> 1] ?? 0 };
	});
}

type Belief = { mean: number; deviation: number };

/** Draws the mean of new reviews from what is believed now, and believes again. */
const reviewed = (mean: number, variance: number, noise: number, random: Random): Belief => {
	if (variance === 0) return { mean, deviation: 0 };
	const seen = mean + Math.sqrt(variance + noise) * random.normal();
	const weight = variance / (variance + noise);
	return { mean: mean + weight * (seen - mean), deviation: Math.sqrt(variance * (1 - weight)) };
};

/**
 * Number of proposals with between 2.5 % and 97.5 % probability of lying above the line. The line is put where the
 * expected number above it is the number of places, which is where it lies when proposals are many.
 */
const contestedPlaces = (beliefs: readonly Belief[], places: number): number => {
	let low = Math.min(...beliefs.map(({ mean, deviation }) => mean - 6 * deviation));
	let high = Math.max(...beliefs.map(({ mean, deviation }) => mean + 6 * deviation));
	for (let step = 0; step < 40; step++) {
		const middle = (low + high) / 2;
		const above = beliefs.reduce((sum, belief) => sum + probabilityAbove(belief, middle), 0);
		if (above > places) low = middle;
		else high = middle;
	}
	const line = (low + high) / 2;
	return beliefs.filter((belief) => {
		const probability = probabilityAbove(belief, line);
		return probability > 0.025 && probability < 0.975;
	}).length;
};

const probabilityAbove = ({ mean, deviation }: Belief, line: number): number =>
	deviation === 0 ? (mean > line ? 1 : 0) : upperTail((line - mean) / deviation);

/** P(Z > z) of the standard normal, within 7.5e-8 (Abramowitz and Stegun 1964, 26.2.17). */
const upperTail = (z: number): number => {
	const t = 1 / (1 + 0.2316419 * Math.abs(z));
	const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
	const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
	return z >= 0 ? tail : 1 - tail;
};
