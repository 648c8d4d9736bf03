import { expect, test } from 'vitest';
import { queueHere } from './queue-here.ts';

const group = () => ({
	title: '一期',
	items: [
		{ id: 'a', status: 'draft' as const },
		{ id: 'b', status: 'assigned' as const },
		{ id: 'c', status: 'submitted' as const },
		{ id: 'd', status: 'recused' as const }
	],
	open: 2,
	submitted: 1,
	next: 'a' as string | null
});

test('a queue this device knows nothing more of stays as the server sent it', () => {
	const sent = group();
	expect(queueHere(sent, new Map(), new Set())).toBe(sent);
});

test('whoever has handed one in without a network goes on with the next, and is done after the last', () => {
	expect(queueHere(group(), new Map(), new Set(['a'])).next).toBe('b');
	expect(queueHere(group(), new Map(), new Set(['a', 'b']))).toMatchObject({ next: null, open: 2, submitted: 1 });
	expect(queueHere({ ...group(), next: null }, new Map(), new Set(['a'])).next).toBeNull();
});

test('an earlier round comes before what is begun in a later one', () => {
	const both = { ...group(), items: [{ id: 'a', round: 'document', status: 'assigned' as const }, { id: 'b', round: 'pitch', status: 'draft' as const }] };
	expect(queueHere(both, new Map([['b', 'draft']]), new Set()).next).toBe('a');
	expect(queueHere(both, new Map(), new Set(['a'])).next).toBe('b');
});

test('what the server acknowledged after the page was kept counts; a recusal is not undone by it', () => {
	const known = new Map([['a', 'submitted'], ['b', 'draft'], ['d', 'draft']]);
	const here = queueHere(group(), known, new Set());
	expect(here.items.map(({ status }) => status)).toEqual(['submitted', 'draft', 'submitted', 'recused']);
	expect(here).toMatchObject({ open: 1, submitted: 2, next: 'b', title: '一期' });
});
