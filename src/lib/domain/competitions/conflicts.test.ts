import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	conflictReasons,
	findConflicts,
	type JudgeFacts,
	type OrganizationRole,
	type ProposalFacts
} from '#lib/domain/competitions/conflicts.ts';

const now = '2026-05-01T00:00:00Z';
const judge: JudgeFacts = {
	personId: 'judge',
	householdId: 'h1',
	employerIds: ['company'],
	ties: [],
	staffOfStationIds: [],
	applicantInCompetitionIds: [],
	declaredIds: []
};
const proposal: ProposalFacts = {
	proposalId: 'p1',
	competitionId: 'c1',
	organizationId: 'choir',
	stationId: 's1',
	people: [{ personId: 'a', householdId: 'h2', employerIds: ['school'], memberOfIds: ['choir', 'garden'] }]
};
const find = (j: Partial<JudgeFacts>, p: Partial<ProposalFacts> = {}) =>
	findConflicts({ ...judge, ...j }, { ...proposal, ...p }, now);
const tie = (organizationId: string, role: OrganizationRole = 'member', endedAt: string | null = null) => ({
	organizationId,
	role,
	endedAt
});

describe('conflicts of interest', () => {
	it('finds none between strangers', () => {
		expect(find({})).toEqual([]);
		expect(
			find(
				{ householdId: null },
				{ people: [{ personId: 'a', householdId: null, employerIds: [], memberOfIds: [] }] }
			)
		).toEqual([]);
	});

	it.each(['member', 'leader', 'mentor', 'supervisor', 'payee'] as const)(
		'finds the %s of the organization',
		(role) => {
			expect(find({ ties: [tie('choir', role)] })).toEqual([role]);
			expect(find({ ties: [tie('garden-club', role)] })).toEqual([]);
		}
	);

	it.each([
		['2024-05-01T00:00:01Z', ['left_recently']],
		['2024-05-01T00:00:00Z', []],
		['2020-01-01T00:00:00Z', []],
		['2026-06-01T00:00:00Z', ['member']]
	])('judges a tie that ends at %s', (endedAt, expected) => {
		expect(find({ ties: [tie('choir', 'member', endedAt)] })).toEqual(expected);
	});

	it('counts years across a leap day', () => {
		const ties = [tie('choir', 'member', '2024-02-29T12:00:00Z')];
		expect(findConflicts({ ...judge, ties }, proposal, '2026-02-28T12:00:00Z')).toEqual(['left_recently']);
		expect(findConflicts({ ...judge, ties }, proposal, '2026-03-01T12:00:00Z')).toEqual([]);
	});

	it('finds household, employer and fellow members of another group', () => {
		expect(find({ householdId: 'h2' })).toEqual(['same_household']);
		expect(find({ employerIds: ['x', 'school'] })).toEqual(['same_employer']);
		expect(find({ ties: [tie('garden')] })).toEqual(['co_member']);
		expect(find({ ties: [tie('garden', 'supervisor')] })).toEqual([]);
		expect(find({ ties: [tie('garden', 'member', '2026-01-01T00:00:00Z')] })).toEqual([]);
		expect(find({ personId: 'a' })).toEqual(['member']);
	});

	it('finds station staff, applicants and what was declared', () => {
		expect(find({ staffOfStationIds: ['s1'] })).toEqual(['station_staff']);
		expect(find({ staffOfStationIds: ['s2'] })).toEqual([]);
		expect(find({ applicantInCompetitionIds: ['c1'] })).toEqual(['applicant']);
		expect(find({ applicantInCompetitionIds: ['c0'] })).toEqual([]);
		expect(find({ declaredIds: ['p1'] })).toEqual(['declared']);
		expect(find({ declaredIds: ['choir'] })).toEqual(['declared']);
	});

	it('lists several, each once, in a fixed order', () => {
		const everything: Partial<JudgeFacts> = {
			householdId: 'h2',
			employerIds: ['school'],
			ties: [
				tie('garden'),
				tie('choir', 'payee'),
				tie('choir', 'mentor'),
				tie('choir', 'member', '2026-01-01T00:00:00Z')
			],
			staffOfStationIds: ['s1'],
			applicantInCompetitionIds: ['c1'],
			declaredIds: ['p1', 'choir']
		};
		const expected = conflictReasons.filter((r) => !['member', 'leader', 'supervisor'].includes(r));
		expect(find(everything)).toEqual(expected);
		expect(find({ ...everything, ties: [...(everything.ties ?? [])].reverse() })).toEqual(expected);
	});

	it('never loses a reason when facts are added', () => {
		const ids = fc.subarray(['choir', 'garden', 's1', 'school', 'c1', 'p1']);
		const facts = (set: string[]): Partial<JudgeFacts> => ({
			ties: set.map((id) => tie(id)),
			employerIds: set,
			staffOfStationIds: set,
			applicantInCompetitionIds: set,
			declaredIds: set
		});
		fc.assert(
			fc.property(ids, ids, (a, b) => {
				const more = new Set(find(facts([...a, ...b])));
				for (const reason of find(facts(a))) expect(more.has(reason)).toBe(true);
			})
		);
	});
});
