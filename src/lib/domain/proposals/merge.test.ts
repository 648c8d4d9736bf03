import { expect, test } from 'vitest';
import { markKey, mergeFields, savedSince, toFields, type FieldMark } from './merge.ts';

const stored = { title: 'B', requested: 200, 'answers.why': 'theirs' };
const mark = (version: number): FieldMark => ({ version, by: 'u2', byName: 'Lin' });
const marks = { title: mark(3), [markKey('answers.why')]: mark(7) };

test('fields saved by nobody since the base are taken over', () => {
	expect(mergeFields(stored, marks, 5, { title: 'C', requested: 300 })).toEqual({
		changes: { title: 'C', requested: 300 },
		conflicts: []
	});
});

test('a field somebody saved since is a conflict with both texts', () => {
	expect(mergeFields(stored, marks, 5, { 'answers.why': 'mine', title: 'C' })).toEqual({
		changes: { title: 'C' },
		conflicts: [{ field: 'answers.why', mine: 'mine', theirs: 'theirs', byName: 'Lin' }]
	});
	expect(mergeFields(stored, marks, 7, { 'answers.why': 'mine' }).conflicts).toEqual([]);
});

test('both saying the same is no conflict, and an empty new answer no change', () => {
	expect(mergeFields(stored, marks, 0, { 'answers.why': 'theirs', 'answers.how': '' })).toEqual({ changes: {}, conflicts: [] });
});

test('what others saved meanwhile comes along', () => {
	expect(savedSince(stored, marks, 5, { title: 'C' })).toEqual({ 'answers.why': { value: 'theirs', byName: 'Lin' } });
	expect(savedSince(stored, marks, 7, {})).toEqual({});
});

test('answers are edited one by one', () => {
	expect(toFields({ title: 'A', track: undefined, answers: { why: 'w' } })).toEqual({ title: 'A', 'answers.why': 'w' });
});
