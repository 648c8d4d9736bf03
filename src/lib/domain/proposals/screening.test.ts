import { expect, test } from 'vitest';
import { settledOutcome, statusForApplicant, type Opinion } from './screening.ts';

const said = (by: string, outcome: Opinion['outcome'], submission = 1): Opinion => ({ by, outcome, submission });

test('one screener settles it alone, two must be different people who agree', () => {
	expect(settledOutcome([said('a', 'pass')], 1, 1)).toBe('pass');
	expect(settledOutcome([said('a', 'pass'), said('a', 'pass')], 1, 2)).toBeNull();
	expect(settledOutcome([said('a', 'pass'), said('b', 'reject')], 1, 2)).toBeNull();
	expect(settledOutcome([said('a', 'pass'), said('b', 'reject'), said('b', 'pass')], 1, 2)).toBe('pass');
});

test('returning counts at once, and opinions of an earlier submission do not', () => {
	expect(settledOutcome([said('a', 'return')], 1, 2)).toBe('return');
	expect(settledOutcome([said('a', 'return', 1), said('a', 'pass', 2)], 2, 1)).toBe('pass');
	expect(settledOutcome([said('a', 'return', 1)], 2, 1)).toBeNull();
});

test('applicants learn who passed only when judging starts', () => {
	expect(statusForApplicant('rejected', 'screening')).toBe('submitted');
	expect(statusForApplicant('passed', 'open')).toBe('submitted');
	expect(statusForApplicant('returned', 'screening')).toBe('returned');
	expect(statusForApplicant('rejected', 'judging')).toBe('rejected');
});
