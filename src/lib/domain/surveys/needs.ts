import { otherOption, otherWords, questionKinds } from './question-types.ts';
import type { Answers, Question } from './types.ts';

/** Somebody named a need: in which words, in which record, on which day (`YYYY-MM-DD`). */
export type Mention = { label: string; source: 'answer' | 'interview'; record: string; day: string };

/** Under which words a need counts, by the key of its own; '' leaves it out. */
export type NeedNames = Readonly<Record<string, string>>;

/** A need with its place. Needs named equally often share a place. */
export type RankedNeed = {
	key: string;
	label: string;
	rank: number;
	/** People who named it: answers and interviews, each once. */
	count: number;
	answers: number;
	interviews: number;
	/** The words people used, most frequent first; more than one after merging. */
	names: { key: string; label: string; count: number }[];
	firstOn: string;
	lastOn: string;
};

/** A text answer counts as a need line by line while its lines are this short; longer ones are stories. */
const longestNeedLine = 24;

/** The same need whatever its spaces, width, case and closing marks. */
export const needKey = (label: string): string =>
	label
		.normalize('NFKC')
		.toLowerCase()
		.replace(/\s+/g, ' ')
		.replace(/[\s。.!！,，;；、~]+$/u, '')
		.trim();

/** Choices that are no need by themselves. */
const noNeeds = new Set(['其他', '其它', '无', '没有', '都不是', '都没有', '不知道', '先看看再说', 'other', 'none', 'no'].map(needKey));

/** The short lines of a text, without their numbers. */
const linesOf = (text: string): string[] =>
	text
		.split(/[\n；;]/)
		.map((line) => line.replace(/^[\s\d.、)）-]+/, '').trim())
		.filter((line) => line !== '' && [...line].length <= longestNeedLine);

/** The needs one answer names. */
export const needsNamed = (questions: readonly Question[], answers: Answers): string[] =>
	questions
		.filter(({ asksNeeds, key }) => asksNeeds && answers[key] !== undefined)
		.flatMap((question) => {
			const value = answers[question.key];
			if (question.type === 'text') return linesOf(String(value));
			if (!questionKinds[question.type].choices) return [];
			const keys = Array.isArray(value) ? value : [value];
			// “Other” is no need by itself; what was written beside it is.
			const asking = otherOption(question)?.key;
			const named = question.options.filter(({ key }) => key !== asking && keys.includes(key)).map(({ label }) => label);
			return [...named, ...linesOf(otherWords(question, answers))];
		});

const byCount = <Item extends { count: number; label: string }>(a: Item, b: Item): number =>
	b.count - a.count || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);

/**
 * Ranks what people named. A record counts once for a need, however many of its merged names it used. The answer does
 * not depend on the order of the mentions.
 */
export const rankNeeds = (mentions: readonly Mention[], names: NeedNames): RankedNeed[] => {
	const groups = new Map<string, { given: string; mentions: (Mention & { key: string })[] }>();
	for (const mention of mentions) {
		const key = needKey(mention.label);
		const renamed = Object.hasOwn(names, key) ? names[key] : undefined;
		if (key === '' || renamed === '' || (renamed === undefined && noNeeds.has(key))) continue;
		const target = needKey(renamed ?? mention.label);
		const group = groups.get(target) ?? { given: '', mentions: [] };
		if (renamed !== undefined && (group.given === '' || renamed < group.given)) group.given = renamed;
		group.mentions.push({ ...mention, key });
		groups.set(target, group);
	}
	const needs = [...groups].map(([key, { given, mentions: all }]) => {
		const own = new Map<string, { labels: Map<string, number>; records: Set<string> }>();
		for (const mention of all) {
			const name = own.get(mention.key) ?? { labels: new Map<string, number>(), records: new Set<string>() };
			name.labels.set(mention.label, (name.labels.get(mention.label) ?? 0) + 1);
			name.records.add(mention.record);
			own.set(mention.key, name);
		}
		const written = [...own].map(([name, { labels, records }]) => ({
			key: name,
			label: [...labels].map(([label, count]) => ({ label, count })).sort(byCount)[0]?.label ?? name,
			count: records.size
		}));
		written.sort(byCount);
		const records = (source: Mention['source']) => new Set(all.filter((mention) => mention.source === source).map(({ record }) => record)).size;
		const days = all.map(({ day }) => day).sort();
		const [answers, interviews] = [records('answer'), records('interview')];
		return {
			key,
			label: given || (written[0]?.label ?? key),
			rank: 0,
			count: answers + interviews,
			answers,
			interviews,
			names: written,
			firstOn: days[0] ?? '',
			lastOn: days.at(-1) ?? ''
		};
	});
	needs.sort(byCount);
	return needs.map((need) => ({ ...need, rank: 1 + needs.filter((other) => other.count > need.count).length }));
};

/**
 * The names after an edit: `needs` (keys of ranked needs or of single names) count under `words` from now on; '' leaves
 * them out; naming something after itself undoes what was done to it. What counted under a renamed need moves along.
 */
export const renamed = (names: NeedNames, needs: readonly string[], words: string): Record<string, string> => {
	const keys = new Set(needs.map(needKey));
	// Words that count under others already lead there.
	const to = (keys.has(needKey(words)) ? undefined : names[needKey(words)]) || words;
	const result: Record<string, string> = { ...names };
	for (const [key, label] of Object.entries(names)) if (label !== '' && keys.has(needKey(label))) result[key] = to;
	for (const key of keys) result[key] = to;
	// What counts under its own words needs no entry, unless the words differ in more than spaces and marks.
	for (const [key, label] of Object.entries(result)) if (label === key) delete result[key];
	return result;
};

/** The names after giving single words back to themselves. */
export const restored = (names: NeedNames, needs: readonly string[]): Record<string, string> => {
	const keys = new Set(needs.map(needKey));
	return Object.fromEntries(Object.entries(names).filter(([key]) => !keys.has(key)));
};
