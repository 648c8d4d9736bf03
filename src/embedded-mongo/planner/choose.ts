/** Chooses between the indexes that could serve a query: by rule where a rule is certain, else by a short trial. */
import type { Collection } from '../storage/catalog.ts';
import type { Environment } from '../storage/environment.ts';
import type { Candidate } from './candidates.ts';
import { execute } from './execute.ts';

/** Keys looked at, in rounds, when two indexes have to be told apart by trying. */
const TRIAL_KEYS = [8, 24, 101];

const score = ({ points, bounded, sorted, access }: Candidate): number =>
	points * 100 + bounded * 10 + (sorted ? 5 : 0) + (access.index.unique ? 1 : 0);

/** Whatever bounds the other bounds this one too, so it has no more keys to read; nor has it more to sort. */
function covers(candidate: Candidate, other: Candidate): boolean {
	return (candidate.sorted || !other.sorted) && other.used.every((test) => candidate.used.includes(test));
}

/**
 * The one with the fewest keys. As soon as one is at its end the others have more, so most trials look at a few keys only;
 * if none ends, the first is as good as any.
 */
function tryOut(environment: Environment, collection: Collection, candidates: Candidate[]): Candidate | undefined {
	const trials = candidates.map((candidate) => {
		const executor = execute(environment, collection, candidate.access);
		return { candidate, executor, keys: 0 };
	});
	for (const limit of TRIAL_KEYS) {
		let best: (typeof trials)[number] | undefined;
		for (const trial of trials) {
			while (trial.keys < limit && trial.executor.nextRecord() !== undefined) trial.keys++;
			if (trial.keys < limit && (!best || trial.keys < best.keys)) best = trial;
		}
		if (best) return best.candidate;
	}
	return candidates[0];
}

/** More fixed fields first, then more bounds, then the right order; between unlike indexes a short trial decides. */
export function choose(environment: Environment, collection: Collection, candidates: Candidate[]): Candidate | undefined {
	const ranked = [...candidates].sort((a, b) => score(b) - score(a) || a.access.index.id - b.access.index.id);
	const [first, ...others] = ranked;
	if (!first || others.length === 0) return first;
	const known = new Set([first.access.index.fields[0]]);
	const unlike = others.filter((candidate) => {
		const [field] = candidate.access.index.fields;
		if (known.has(field)) return false;
		known.add(field);
		return !covers(first, candidate);
	});
	return unlike.length === 0 ? first : tryOut(environment, collection, [first, ...unlike]);
}
