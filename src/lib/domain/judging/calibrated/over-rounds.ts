import type { CalibratedProposal, Calibration } from '#lib/domain/judging/calibrated/calibrate.ts';
import { byText, createRandom } from '#lib/domain/judging/random.ts';

/** A proposal's calibrated result in each round it takes part in. */
export interface RoundsOfProposal {
	proposal: string;
	/** Proposals of a higher tier (they advanced further) stand before those of a lower one, whatever the scores. */
	tier: number;
	/** Keys of the rounds that have begun and it takes part in. */
	rounds: readonly string[];
	/** Bonus points counted. */
	bonus: number;
}

/** 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * Calibrated final scores over several rounds: Σ weight × (μ̂ + q̂) ÷ Σ weight, with the variances of the rounds added
 * as independent ones, Σ weight² × se² ÷ (Σ weight)². A round without a scorecard for the proposal counts as 0, as it
 * does officially. Rank intervals and chances come from seeded draws, proposals taken as independent of one another.
 * @param calibrations by round key
 * @param places how many proposals the fund reaches
 */
export function calibratedOverRounds(
	proposals: readonly RoundsOfProposal[],
	weights: ReadonlyMap<string, number>,
	calibrations: ReadonlyMap<string, Calibration>,
	options: { seed: string; draws: number; places: number }
): CalibratedProposal[] {
	const found = new Map([...calibrations].map(([key, { proposals: list }]) => [key, new Map(list.map((one) => [one.proposal, one]))]));
	const list = proposals.map(({ proposal, rounds, bonus, tier }) => {
		const parts = rounds.map((key) => ({ weight: weights.get(key) ?? 0, one: found.get(key)?.get(proposal) }));
		const total = parts.reduce((sum, { weight }) => sum + weight, 0);
		const mean = (of: (one: CalibratedProposal) => number) => parts.reduce((sum, { weight, one }) => sum + (one ? (weight / total) * of(one) : 0), bonus);
		const unknown = parts.some(({ one }) => one?.se === null);
		const variance = parts.reduce((sum, { weight, one }) => sum + ((weight / total) * (one?.se ?? 0)) ** 2, 0);
		return {
			proposal,
			tier,
			n: parts.reduce((sum, { one }) => sum + (one?.n ?? 0), 0),
			raw: mean(({ raw }) => raw),
			score: mean(({ score }) => score),
			se: unknown ? null : Math.sqrt(variance)
		};
	});
	list.sort((a, b) => b.tier - a.tier || b.score - a.score || byText(a.proposal, b.proposal));
	const ranks = list.every(({ se }) => se !== null) ? drawnRanks(list, options) : null;
	return list.map(({ tier: _tier, ...one }, at) => {
		const own = ranks?.[at];
		return {
			...one,
			low: one.se === null ? null : one.score - Z * one.se,
			high: one.se === null ? null : one.score + Z * one.se,
			rank: at + 1,
			rankLow: own?.[Math.floor(0.025 * own.length)] ?? null,
			rankHigh: own?.[Math.ceil(0.975 * own.length) - 1] ?? null,
			within: own ? own.filter((rank) => rank <= options.places).length / own.length : null
		};
	});
}

/** Drawn ranks of each proposal, ascending. */
const drawnRanks = (list: readonly { tier: number; score: number; se: number | null }[], { seed, draws }: { seed: string; draws: number }): Int32Array[] => {
	const random = createRandom(seed);
	const ranks = list.map(() => new Int32Array(draws));
	for (let draw = 0; draw < draws; draw++) {
		const order = list.map(({ tier, score, se }, at) => ({ at, tier, value: score + (se ?? 0) * random.normal() }));
		order.sort((a, b) => b.tier - a.tier || b.value - a.value);
		for (const [place, { at }] of order.entries()) {
			const own = ranks[at];
			if (own) own[draw] = place + 1;
		}
	}
	return ranks.map((own) => own.sort());
};
