import { describe, expect, test } from 'vitest';
import { electionFaults } from './elections.ts';
import type { MotionInput } from './types.ts';

const elect = (candidate: string, more: Partial<MotionInput> = {}): MotionInput => ({
	kind: 'elect_leader', title: '选队长', candidate, rule: '', for: 8, against: 0, abstain: 0, ...more
});
const meeting = (id: string, heldOn: string, ...motions: MotionInput[]) => ({ id, heldOn, eligible: 10, present: 8, motions });
const faults = (own: ReturnType<typeof meeting>, others: ReturnType<typeof meeting>[], left = ''): string[] =>
	electionFaults(own, others, (member) => member === left).map(({ motion, field, code }) => `${motion} ${field} ${code}`);

describe('elections', () => {
	const first = meeting('m1', '2025-01-10', elect('a'));
	test('of the same office on one day are refused, in one meeting and in two', () => {
		expect(faults(meeting('m2', '2025-01-10', elect('b')), [first])).toEqual(['0 kind election_same_day']);
		expect(faults(meeting('m2', '2028-01-10', elect('a'), elect('b')), [])).toEqual(['1 kind election_same_day']);
		expect(faults(meeting('m2', '2028-01-10', elect('a'), elect('b', { kind: 'elect_deputy' })), [])).toEqual([]);
	});
	test('within a running term need a reason why the office is free', () => {
		const early = (more: Partial<MotionInput> = {}) => meeting('m2', '2025-09-01', elect('b', more));
		expect(faults(early(), [first])).toEqual(['0 vacancy election_overlaps']);
		expect(faults(early({ vacancy: 'resigned' }), [first])).toEqual([]);
		expect(faults(early(), [first], 'a')).toEqual([]);
		expect(faults(meeting('m2', '2027-01-10', elect('b')), [first])).toEqual([]);
	});
	test('that did not carry stand in nobody’s way', () => {
		expect(faults(meeting('m2', '2025-01-10', elect('b', { for: 4, against: 4 })), [first])).toEqual([]);
		expect(faults(meeting('m2', '2025-02-10', elect('b')), [meeting('m1', '2025-01-10', elect('a', { for: 4 }))])).toEqual([]);
	});
	test('corrected in their own meeting are not in their own way', () => {
		expect(faults(first, [first])).toEqual([]);
	});
});
