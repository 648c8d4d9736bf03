import { resultFile } from './results.ts';

/** How a published result came about, as its public file says: the rounds with their rules, and each proposal's score in each. */
export type PublishedRule = {
	rounds: { key: string; label: string; weight: number; rule: string; groups: { label: string; weight: number }[] }[];
	/** Scores as published, by the proposal's number, in the order of the rounds; null where a round gave none. Empty where there was one plain round. */
	scores: ReadonlyMap<string, { score: string | null; n: number }[]>;
	/** Bonus points as published, by the proposal's number. */
	bonus: ReadonlyMap<string, string>;
};

type File = {
	rule: { rounds: { key: string; label: string; weight: number; rule: string; groups?: { label: string; weight: number }[] }[] };
	result: { number: string; rounds?: { key: string; score: string; n: number }[]; bonus?: string }[];
};

// A notice never changes, so what was read of it stands; a handful of notices is looked at at a time.
const kept = new Map<string, PublishedRule>();
const most = 20;

/** The rule of a notice and the scores by round, for its public page; 404 when there is no such notice. */
export const publishedRule = async (slug: string, n: number, digest: string): Promise<PublishedRule> => {
	const known = kept.get(digest);
	if (known) return known;
	const { text } = await resultFile(slug, n);
	const { rule, result } = JSON.parse(text) as File;
	const rounds = rule.rounds.map(({ key, label, weight, rule: how, groups = [] }) => ({ key, label, weight, rule: how, groups }));
	const composed = result.filter((row) => row.rounds !== undefined);
	const read: PublishedRule = {
		rounds,
		scores: new Map(
			composed.map((row) => [
				row.number,
				rounds.map(({ key }) => {
					const part = row.rounds?.find((one) => one.key === key);
					return { score: part?.score || null, n: part?.n ?? 0 };
				})
			])
		),
		bonus: new Map(composed.flatMap(({ number, bonus }) => (bonus ? [[number, bonus] as const] : [])))
	};
	if (kept.size >= most) kept.clear();
	kept.set(digest, read);
	return read;
};
