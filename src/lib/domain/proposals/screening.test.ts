import { expect, test } from 'vitest';
import { hasScreened, maySpeak, opinionsHidden, screeningStand, settledOutcome, statusForApplicant, type Opinion } from './screening.ts';

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

test('where two disagree a third person or the deciding word settles it', () => {
	const split = [said('a', 'pass'), said('b', 'reject')];
	expect(settledOutcome([...split, said('c', 'reject')], 1, 2)).toBe('reject');
	expect(settledOutcome([...split, { ...said('h', 'pass'), deciding: true }], 1, 2)).toBe('pass');
	expect(settledOutcome([...split, { ...said('a', 'pass'), deciding: true }], 2, 2)).toBeNull();
});

test('a submission waits for its first, its second or a settling opinion', () => {
	expect(screeningStand([], 1)).toBe('first');
	expect(screeningStand([said('a', 'pass', 1)], 2)).toBe('first');
	expect(screeningStand([said('a', 'pass')], 1)).toBe('second');
	expect(screeningStand([said('a', 'pass'), said('b', 'reject')], 1)).toBe('disagree');
	expect(screeningStand([said('a', 'pass'), said('b', 'reject'), said('a', 'reject')], 1)).toBe('second');
	expect(hasScreened([said('a', 'pass', 1)], 2, 'a')).toBe(false);
});

test('opinions are kept from whoever may give the second or the third, and from nobody else', () => {
	const waiting = { screeners: 2, status: 'submitted' } as const;
	expect(opinionsHidden([said('a', 'pass')], 1, 'b', waiting)).toBe(true);
	expect(opinionsHidden([said('a', 'pass')], 1, 'a', waiting)).toBe(false);
	expect(opinionsHidden([said('a', 'pass')], 2, 'b', waiting)).toBe(false);
	const split = [said('a', 'pass'), said('b', 'reject')];
	expect(opinionsHidden(split, 1, 'c', waiting)).toBe(true);
	expect(opinionsHidden(split, 1, 'b', waiting)).toBe(false);
	expect(opinionsHidden(split, 1, 'h', { ...waiting, arbiters: [{ by: 'h', submission: 1 }] })).toBe(false);
	expect(opinionsHidden(split, 1, 'h', { ...waiting, arbiters: [{ by: 'h', submission: 2 }, { by: 'x', submission: 1 }] })).toBe(true);
	expect(opinionsHidden([said('a', 'pass')], 1, 'b', { ...waiting, screeners: 1 })).toBe(false);
	expect(opinionsHidden([said('a', 'return')], 1, 'b', { ...waiting, status: 'returned' })).toBe(false);
});

test('where one screener is enough the last word counts, and where two agree nobody new turns it', () => {
	expect(settledOutcome([said('a', 'pass'), said('b', 'reject')], 1, 1)).toBe('reject');
	expect(settledOutcome([said('a', 'pass'), said('b', 'reject'), said('a', 'pass')], 1, 1)).toBe('pass');
	const settled = [said('a', 'reject'), said('b', 'pass'), said('c', 'reject')];
	expect(maySpeak(settled, 1, 'd', { screeners: 2, status: 'rejected' })).toBe(false);
	expect(maySpeak(settled, 1, 'b', { screeners: 2, status: 'rejected' })).toBe(true);
	expect(maySpeak(settled, 1, 'd', { screeners: 2, status: 'submitted' })).toBe(true);
	expect(maySpeak([said('a', 'pass')], 1, 'd', { screeners: 1, status: 'passed' })).toBe(true);
});

test('applicants learn who passed only when the outcomes are released or judging starts', () => {
	expect(statusForApplicant('rejected', { state: 'screening' })).toBe('submitted');
	expect(statusForApplicant('rejected', { state: 'screening', screeningReleasedAt: new Date() })).toBe('rejected');
	expect(statusForApplicant('passed', { state: 'open', screeningReleasedAt: null })).toBe('submitted');
	expect(statusForApplicant('returned', { state: 'screening' })).toBe('returned');
	expect(statusForApplicant('rejected', { state: 'judging' })).toBe('rejected');
});
