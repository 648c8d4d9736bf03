import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffDocuments, diffText, mergeDocuments } from './charter-diff.ts';
import { documentTextSchema, draftFrom, openBlanks, versionStates, type DocumentText } from './charters.ts';

const text = (...articles: [string, string][]): DocumentText => ({
	title: '章程',
	chapters: [{ key: 'c1', heading: '总则', articles: articles.map(([key, words]) => ({ key, text: words })) }]
});
const wordsOf = (document: DocumentText): Record<string, string> =>
	Object.fromEntries(document.chapters.flatMap(({ articles }) => articles.map((article) => [article.key, article.text])));

const anyText = fc
	.uniqueArray(fc.constantFrom('a1', 'a2', 'a3', 'a4', 'a5', 'a6'), { minLength: 1 })
	.chain((keys) => fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), fc.constantFrom('甲', '乙', '丙丁', 'one two')))))
	.map((articles) => text(...articles));

describe('the draft', () => {
	const template = {
		charter: { title: '{name}章程', chapters: [{ heading: '总则', articles: ['本队叫{name}。', '宗旨：{purpose}'] }, { heading: '附则', articles: ['于{adopted_on}通过。'] }] },
		rules: { finance: { title: '{name}财务', articles: ['收钱要开条。'] }, activities: { title: '', articles: [] }, leave: { title: '', articles: [] } }
	};
	test('is filled with what is known and says which blanks are open', () => {
		const draft = draftFrom(template, 'charter', { name: '帮帮队' });
		expect(draft.title).toBe('帮帮队章程');
		expect(draft.chapters.map(({ key, articles }) => [key, ...articles.map((article) => article.key)])).toEqual([['c1', 'a1', 'a2'], ['c2', 'a3']]);
		expect(openBlanks(draft)).toEqual(['purpose']);
		expect(draftFrom(template, 'finance', { name: '帮帮队' }).chapters).toHaveLength(1);
	});
	test('loses articles that were emptied, but never all of them', () => {
		expect(documentTextSchema.parse(text(['a1', '甲'], ['a2', ' '])).chapters[0]?.articles).toEqual([{ key: 'a1', text: '甲' }]);
		expect(documentTextSchema.safeParse(text(['a1', ''])).success).toBe(false);
		expect(documentTextSchema.safeParse(text(['a1', '甲'], ['a1', '乙'])).success).toBe(false);
	});
});

describe('the diff', () => {
	test('names what changed inside an article', () => {
		expect(diffText('每月召开一次例会。', '每季度召开一次例会。')).toEqual([
			{ kind: 'same', text: '每' },
			{ kind: 'removed', text: '月' },
			{ kind: 'added', text: '季度' },
			{ kind: 'same', text: '召开一次例会。' }
		]);
	});
	test('gives both texts back', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom('会', '员', ' ', 'a', '1', '。', '\n') }), fc.string({ unit: fc.constantFrom('会', '费', ' ', 'a', '2', '。') }), (a, b) => {
				const pieces = diffText(a, b);
				const side = (without: string) => pieces.filter(({ kind }) => kind !== without).map((piece) => piece.text).join('');
				expect(side('added')).toBe(a);
				expect(side('removed')).toBe(b);
			})
		);
	});
	test('tells every article once', () => {
		fc.assert(
			fc.property(anyText, anyText, (a, b) => {
				const changes = diffDocuments(a, b);
				const all = new Set([...Object.keys(wordsOf(a)), ...Object.keys(wordsOf(b))]);
				expect(changes.map(({ key }) => key).sort()).toEqual([...all].sort());
				for (const { key, kind } of changes) {
					const [was, is] = [wordsOf(a)[key], wordsOf(b)[key]];
					expect(kind).toBe(was === undefined ? 'added' : is === undefined ? 'removed' : was === is ? 'same' : 'changed');
				}
			})
		);
	});
});

describe('two people at one text', () => {
	const base = text(['a1', '甲'], ['a2', '乙'], ['a3', '丙']);
	test('keep both changes when they touched different articles', () => {
		const { text: merged, conflicts } = mergeDocuments(base, text(['a1', '甲改'], ['a2', '乙'], ['a3', '丙'], ['b1', '新']), text(['a1', '甲'], ['a3', '丙改']));
		expect(conflicts).toEqual([]);
		expect(wordsOf(merged)).toEqual({ a1: '甲改', a3: '丙改', b1: '新' });
	});
	test('see both texts of an article they changed differently', () => {
		const { text: merged, conflicts } = mergeDocuments(base, text(['a1', '甲一'], ['a2', '乙'], ['a3', '丙']), text(['a1', '甲二'], ['a2', '乙'], ['a3', '丙']));
		expect(conflicts).toEqual([{ key: 'a1', mine: '甲二', theirs: '甲一' }]);
		expect(wordsOf(merged).a1).toBe('甲二');
	});
	test('lose nothing, whatever they did', () => {
		fc.assert(
			fc.property(anyText, anyText, anyText, (was, theirs, mine) => {
				const { text: merged, conflicts } = mergeDocuments(was, theirs, mine);
				const [b, t, m, all] = [wordsOf(was), wordsOf(theirs), wordsOf(mine), wordsOf(merged)];
				for (const key of new Set([...Object.keys(b), ...Object.keys(t), ...Object.keys(m)])) {
					const conflict = conflicts.find((one) => one.key === key);
					if (t[key] !== b[key] && m[key] !== b[key] && t[key] !== m[key]) expect(conflict).toEqual({ key, mine: m[key] ?? '', theirs: t[key] ?? '' });
					else expect(all[key]).toBe(m[key] === b[key] ? t[key] : m[key]);
				}
			})
		);
	});
	test('change nothing by saving what is there', () => {
		fc.assert(
			fc.property(anyText, (was) => {
				expect(mergeDocuments(was, was, was)).toEqual({ text: was, conflicts: [] });
			})
		);
	});
});

describe('what holds', () => {
	const versions = [
		{ number: 1, meeting: 'm1', inForceOn: '2026-01-01' },
		{ number: 2, meeting: 'm2', inForceOn: '2026-06-01' },
		{ number: 3, meeting: '', inForceOn: '' }
	];
	const states = (carried: (meeting: string) => boolean, today: string) => [...versionStates(versions, carried, today).values()];
	test('is the latest version adopted by a vote that carried', () => {
		expect(states(() => true, '2026-03-01')).toEqual(['in_force', 'coming', 'proposed']);
		expect(states(() => true, '2026-07-01')).toEqual(['superseded', 'in_force', 'proposed']);
	});
	test('falls back to the one before when the vote no longer stands', () => {
		expect(states((meeting) => meeting !== 'm2', '2026-07-01')).toEqual(['in_force', 'not_carried', 'proposed']);
	});
	test('is one version at most', () => {
		const any = fc.array(fc.record({ meeting: fc.constantFrom('', 'm1', 'm2', 'm3'), inForceOn: fc.constantFrom('2026-01-01', '2026-02-01', '2026-03-01') }), { maxLength: 6 });
		fc.assert(
			fc.property(any, fc.subarray(['m1', 'm2', 'm3']), (list, carried) => {
				const found = [...versionStates(list.map((one, at) => ({ ...one, number: at + 1 })), (meeting) => carried.includes(meeting), '2026-02-15').values()];
				expect(found.filter((state) => state === 'in_force').length).toBeLessThanOrEqual(1);
				const due = list.some(({ meeting, inForceOn }) => carried.includes(meeting) && inForceOn <= '2026-02-15');
				expect(found.includes('in_force')).toBe(due);
			})
		);
	});
});
