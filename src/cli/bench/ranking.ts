import { calibrate } from '#lib/domain/judging/calibrated/calibrate.ts';
import { createRandom, type Random } from '#lib/domain/judging/random.ts';

/**
 * How well the mean and the calibrated score find the proposals that are truly best, on simulated panels whose truth is
 * known: score = 70 + quality + leniency + chance, normal with the standard deviations given, kept within 0 … 100 and
 * rounded to half points as people give them.
 */
export interface Panel {
	name: string;
	proposals: number;
	judges: number;
	/** Reviews of each proposal by judges drawn at random; `judges` of them make a balanced panel. */
	reviews: number;
	deviations: { quality: number; leniency: number; chance: number };
}

export interface PanelResult extends Panel {
	runs: number;
	/** Share of the truly best fifth that is among the first fifth by the plain mean, and by the calibrated score. */
	found: { mean: number; calibrated: number };
	/**
	 * Share of true qualities inside their 95 % interval, both counted from the mean: how lenient all judges together are
	 * lifts every score alike, and no data can tell it from quality.
	 */
	covered: number;
	/** Runs in which the calibrated score found fewer than the mean. */
	worse: number;
}

export const panels: readonly Panel[] = [
	{ name: 'unbalanced, biased judges', proposals: 200, judges: 30, reviews: 3, deviations: { quality: 6, leniency: 6, chance: 4 } },
	{ name: 'unbalanced, mild judges', proposals: 200, judges: 30, reviews: 3, deviations: { quality: 6, leniency: 3, chance: 4 } },
	{ name: 'balanced, all judge all', proposals: 60, judges: 7, reviews: 7, deviations: { quality: 6, leniency: 6, chance: 4 } }
];

const top = (values: readonly number[], places: number): Set<number> =>
	new Set(values.map((value, at) => ({ value, at })).sort((a, b) => b.value - a.value || a.at - b.at).slice(0, places).map(({ at }) => at));

const share = (found: ReadonlySet<number>, truth: ReadonlySet<number>): number => [...truth].filter((at) => found.has(at)).length / truth.size;

const draw = (random: Random, { proposals, judges, reviews, deviations }: Panel) => {
	const quality = Array.from({ length: proposals }, () => deviations.quality * random.normal());
	const leniency = Array.from({ length: judges }, () => deviations.leniency * random.normal());
	const scores = quality.flatMap((value, p) => {
		const seen = new Set<number>();
		while (seen.size < reviews) seen.add(random.below(judges));
		return [...seen].map((j) => {
			const points = 70 + value + (leniency[j] ?? 0) + deviations.chance * random.normal();
			return { proposal: String(p), judge: String(j), score: Math.min(100, Math.max(0, Math.round(points * 2) / 2)) };
		});
	});
	return { quality, scores };
};

/** Simulates one kind of panel many times; the same seed gives the same figures. */
export const simulate = (panel: Panel, runs: number, seed: string): PanelResult => {
	const random = createRandom(`${seed}\n${panel.name}`);
	const places = Math.round(panel.proposals / 5);
	const found = { mean: 0, calibrated: 0 };
	let covered = 0;
	let worse = 0;
	for (let run = 0; run < runs; run += 1) {
		const { quality, scores } = draw(random, panel);
		const answer = calibrate(scores, { seed: String(run), draws: 2 });
		const byNumber = [...answer.proposals].sort((a, b) => Number(a.proposal) - Number(b.proposal));
		const truth = top(quality, places);
		const mean = share(top(byNumber.map(({ raw }) => raw), places), truth);
		const calibrated = share(top(byNumber.map(({ score }) => score), places), truth);
		found.mean += mean / runs;
		found.calibrated += calibrated / runs;
		if (calibrated < mean) worse += 1;
		const inside = byNumber.filter(({ low, high }, at) => {
			const value = (answer.mean ?? 0) + (quality[at] ?? 0);
			return value >= (low ?? 0) && value <= (high ?? 0);
		});
		covered += inside.length / panel.proposals / runs;
	}
	return { ...panel, runs, found, covered, worse };
};
