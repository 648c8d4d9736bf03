import type { Article, Chapter, DocumentText } from './charters.ts';

/** A piece of an article: in both texts, only in the new one, or only in the old one. */
export type Piece = { kind: 'same' | 'added' | 'removed'; text: string };
export type ArticleChange = {
	key: string;
	kind: 'same' | 'changed' | 'added' | 'removed';
	/** Number in the new text, or in the old one for a removed article. */
	number: number;
	heading: string;
	pieces: Piece[];
};

type Numbered = Article & { number: number; heading: string };

/** Articles in order with the number people know them by. */
export const numbered = (chapters: readonly Chapter[]): Numbered[] => {
	let number = 0;
	return chapters.flatMap(({ heading, articles }) => articles.map((article) => ({ ...article, heading, number: (number += 1) })));
};

/** Chinese is compared sign by sign, other writing word by word. */
const tokens = (text: string): string[] => text.match(/[\p{Script=Han}]|[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];

/** Longest table of the comparison; longer texts are shown as replaced whole. */
const mostCells = 1_500_000;

/**
 * What changed between two texts: the longest common subsequence (the classic table by dynamic programming, after
 * taking off what both begin and end with).
 */
export const diffText = (before: string, after: string): Piece[] => {
	const a = tokens(before);
	const b = tokens(after);
	let start = 0;
	while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
	let end = 0;
	while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
	const left = a.slice(start, a.length - end);
	const right = b.slice(start, b.length - end);
	const pieces: Piece[] = [];
	const add = (kind: Piece['kind'], text: string): void => {
		const last = pieces.at(-1);
		if (text === '') return;
		if (last?.kind === kind) last.text += text;
		else pieces.push({ kind, text });
	};
	add('same', a.slice(0, start).join(''));
	if (left.length * right.length > mostCells) {
		add('removed', left.join(''));
		add('added', right.join(''));
	} else {
		const width = right.length + 1;
		const table = new Uint16Array((left.length + 1) * width);
		for (let i = left.length - 1; i >= 0; i -= 1)
			for (let j = right.length - 1; j >= 0; j -= 1)
				table[i * width + j] =
					left[i] === right[j]
						? (table[(i + 1) * width + j + 1] ?? 0) + 1
						: Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
		let i = 0;
		let j = 0;
		while (i < left.length || j < right.length) {
			const [x, y] = [left[i], right[j]];
			if (x !== undefined && x === y) {
				add('same', x);
				i += 1;
				j += 1;
			} else if (x !== undefined && (y === undefined || (table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0))) {
				add('removed', x);
				i += 1;
			} else if (y !== undefined) {
				add('added', y);
				j += 1;
			}
		}
	}
	add('same', a.slice(a.length - end).join(''));
	return pieces;
};

/** Article by article: what is new, gone, changed or as it was; a removed article stands where it used to be. */
export const diffDocuments = (before: DocumentText, after: DocumentText): ArticleChange[] => {
	const old = numbered(before.chapters);
	const fresh = numbered(after.chapters);
	const byKey = new Map(old.map((article) => [article.key, article]));
	const kept = new Set(fresh.map(({ key }) => key));
	const changes: ArticleChange[] = [];
	let passed = 0;
	const flushRemoved = (until: number): void => {
		for (; passed < until; passed += 1) {
			const gone = old[passed];
			if (gone && !kept.has(gone.key))
				changes.push({ key: gone.key, kind: 'removed', number: gone.number, heading: gone.heading, pieces: [{ kind: 'removed', text: gone.text }] });
		}
	};
	for (const article of fresh) {
		const { key, number, heading, text } = article;
		const was = byKey.get(key);
		if (!was) {
			changes.push({ key, kind: 'added', number, heading, pieces: [{ kind: 'added', text }] });
			continue;
		}
		flushRemoved(was.number);
		const same = was.text === text;
		changes.push({ key, kind: same ? 'same' : 'changed', number, heading, pieces: same ? [{ kind: 'same', text }] : diffText(was.text, text) });
	}
	flushRemoved(old.length);
	return changes;
};

/** An article two people changed differently at the same time. */
export type ArticleConflict = { key: string; mine: string; theirs: string };

/**
 * Joins two people's changes of one text, article by article. What only one of them touched is taken from that one;
 * what both changed differently is a conflict: the merged text then holds mine, and the conflict shows theirs.
 * Titles and headings count as articles of their own (`#title`, `#<chapter>`).
 */
export const mergeDocuments = (
	base: DocumentText,
	theirs: DocumentText,
	mine: DocumentText
): { text: DocumentText; conflicts: ArticleConflict[] } => {
	const conflicts: ArticleConflict[] = [];
	const pick = (key: string, was: string, their: string, my: string): string => {
		if (my === their || my === was) return their;
		if (their === was) return my;
		conflicts.push({ key, mine: my, theirs: their });
		return my;
	};
	const textsOf = (document: DocumentText) => new Map(document.chapters.flatMap(({ articles }) => articles.map(({ key, text }) => [key, text])));
	const headingsOf = (document: DocumentText) => new Map(document.chapters.map(({ key, heading }) => [key, heading]));
	const [baseTexts, theirTexts, myTexts] = [textsOf(base), textsOf(theirs), textsOf(mine)];
	const [baseHeads, theirHeads, myHeads] = [headingsOf(base), headingsOf(theirs), headingsOf(mine)];
	// The order is mine; what they added and I never saw comes behind the article they put it behind.
	const chapters = mine.chapters.map(({ key, articles }) => ({ key, keys: articles.map((article) => article.key) }));
	const placed = new Set(chapters.flatMap(({ keys }) => keys));
	for (const chapter of theirs.chapters) {
		let target = chapters.find(({ key }) => key === chapter.key);
		if (!target) {
			target = { key: chapter.key, keys: [] };
			chapters.push(target);
		}
		for (const [at, { key }] of chapter.articles.entries()) {
			if (placed.has(key)) continue;
			const behind = at > 0 ? target.keys.indexOf(chapter.articles[at - 1]?.key ?? '') : -1;
			target.keys.splice(behind >= 0 ? behind + 1 : at === 0 ? 0 : target.keys.length, 0, key);
			placed.add(key);
		}
	}
	const articleOf = (key: string): Article | null => {
		const text = pick(key, baseTexts.get(key) ?? '', theirTexts.get(key) ?? '', myTexts.get(key) ?? '');
		const struck = text === '' && !conflicts.some((conflict) => conflict.key === key);
		return struck ? null : { key, text };
	};
	const title = pick('#title', base.title, theirs.title, mine.title);
	const merged = chapters.map(({ key, keys }) => ({
		key,
		heading: pick(`#${key}`, baseHeads.get(key) ?? '', theirHeads.get(key) ?? '', myHeads.get(key) ?? baseHeads.get(key) ?? ''),
		articles: keys.map(articleOf).filter((article) => article !== null)
	}));
	return { text: { title, chapters: merged.filter(({ articles }) => articles.length > 0) }, conflicts };
};
