import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { addDays, addMonths, dayOf, daysBetween, dayStart } from '#lib/domain/shared/days.ts';
import { afterGate, beforeGate, gateOf, mayBecome } from './lifecycle.ts';
import { assessmentDue, gaps, overallLevel, type Levels } from './maturity.ts';
import { electedLast, motionOutcome } from './meetings.ts';
import { attentionAt, never } from './attention.ts';
import type { Metric } from './criteria.ts';
import { nextAction, type NextActionFacts } from './next-action.ts';
import { attestationSchema, dimensions, gateDecisionSchema, meetingSchema, stages, statuses } from './schema.ts';

const levels = (values: number[]): Levels =>
	Object.fromEntries(dimensions.map((dimension, index) => [dimension, values[index] ?? 1])) as Levels;

describe('days in Shanghai', () => {
	it('change at midnight there', () => {
		expect(dayOf(new Date('2026-03-04T15:59:59Z'))).toBe('2026-03-04');
		expect(dayOf(new Date('2026-03-04T16:00:00Z'))).toBe('2026-03-05');
		expect(dayOf(dayStart('2026-03-05'))).toBe('2026-03-05');
	});
	it('count over month ends and leap years', () => {
		expect(addMonths('2026-08-31', 6)).toBe('2027-02-28');
		expect(addMonths('2023-08-31', 6)).toBe('2024-02-29');
		expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
		expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
	});
});

describe('the way of an organization', () => {
	it('goes through five gates and graduation, and back again step by step', () => {
		let position: { stage: (typeof stages)[number]; atGraduation: boolean } = { stage: 'needs_survey', atGraduation: false };
		const passed: string[] = [];
		for (let step = 0; step < 6; step += 1) {
			passed.push(gateOf(position));
			const next = afterGate(position);
			expect(next.graduated).toBe(step === 5);
			if (!next.graduated) expect(beforeGate(next)).toEqual(position);
			position = { stage: next.stage, atGraduation: next.atGraduation };
		}
		expect(passed).toEqual([...stages, 'graduation']);
		expect(beforeGate({ stage: 'needs_survey', atGraduation: false })).toBeNull();
	});
	it('never leaves a declined application, and reaches incubation only from an application or a pause', () => {
		for (const status of statuses) expect(mayBecome('declined', status)).toBe(false);
		expect(mayBecome('returned', 'incubating')).toBe(false);
		expect(mayBecome('applied', 'incubating')).toBe(true);
	});
});

describe('votes', () => {
	const vote = (eligible: number, present: number, votes: number, kind: 'adopt_charter' | 'elect_leader' = 'elect_leader') =>
		motionOutcome({ eligible, present }, { kind, for: votes });
	it('need more than half of those entitled to be there', () => {
		expect(vote(10, 5, 5)).toMatchObject({ quorate: false, quorum: 6, carried: false });
		expect(vote(11, 6, 4)).toMatchObject({ quorate: true, needed: 4, carried: true });
	});
	it('elect by more than half, adopt a charter by two thirds of those present', () => {
		expect(vote(20, 12, 6).carried).toBe(false);
		expect(vote(20, 12, 7).carried).toBe(true);
		expect(vote(20, 13, 8, 'adopt_charter')).toMatchObject({ needed: 9, carried: false });
		expect(vote(20, 12, 8, 'adopt_charter').carried).toBe(true);
	});
	it('carry nothing that has no vote in favour', () => {
		fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 500 }), (e, p) => !vote(e, Math.min(e, p), 0).carried));
	});
	it('are counted exactly: carried at two thirds iff three times the votes reach twice the present', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 999 }), (present, votes) => {
				const carried = vote(present, present, Math.min(votes, present), 'adopt_charter').carried;
				return carried === (Math.min(votes, present) * 3 >= present * 2);
			})
		);
	});
	it('let the latest election stand, whatever was entered first', () => {
		const meeting = (id: string, heldOn: string, candidate: string) => ({
			id,
			heldOn,
			eligible: 5,
			present: 5,
			motions: [{ kind: 'elect_leader' as const, title: '', candidate, rule: '' as const, for: 5, against: 0, abstain: 0 }]
		});
		const early = meeting('2', '2025-01-01', 'old');
		const late = meeting('1', '2026-01-01', 'new');
		expect(electedLast([late, early], 'elect_leader')?.member).toBe('new');
		expect(electedLast([early, late], 'elect_leader')?.member).toBe('new');
		expect(electedLast([early, late], 'elect_deputy')).toBeNull();
	});
});

describe('maturity', () => {
	it('is the mean, half up, in tenths', () => {
		expect(overallLevel(levels([3, 3, 3, 3, 3, 3, 3])).overall).toBe(3);
		// 18 / 7 = 2.571…, 22 / 7 = 3.142…
		expect(overallLevel(levels([3, 3, 2, 2, 3, 3, 2])).mean).toBe(2.6);
		expect(overallLevel(levels([4, 3, 3, 3, 3, 3, 3])).mean).toBe(3.1);
	});
	it('is held back by the weaker of governance and finance', () => {
		expect(overallLevel(levels([5, 5, 5, 5, 1, 5, 5]))).toMatchObject({ overall: 2, mean: 4.4, cap: 2, capped: true, capBy: 'finance' });
		expect(overallLevel(levels([2, 3, 2, 2, 2, 2, 2])).capped).toBe(false);
	});
	it('lies between one and five, grows with every level, and never passes its cap', () => {
		const any = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 7, maxLength: 7 });
		fc.assert(
			fc.property(any, fc.integer({ min: 0, max: 6 }), (values, index) => {
				const before = overallLevel(levels(values));
				expect(before.overall).toBeGreaterThanOrEqual(1);
				expect(before.overall).toBeLessThanOrEqual(Math.min(5, before.cap));
				const raised = values.map((value, place) => (place === index ? Math.min(5, value + 1) : value));
				expect(overallLevel(levels(raised)).overall).toBeGreaterThanOrEqual(before.overall);
			})
		);
	});
	it('names the gaps, widest first', () => {
		expect(gaps(levels([5, 2, 1]), levels([2, 3, 1])).map(({ dimension, gap }) => [dimension, gap])).toEqual([
			['governance', 3],
			['leadership', -1]
		]);
	});
	it('is due half a year after the last time', () => {
		expect(assessmentDue(new Date('2026-01-31T02:00:00Z'), new Date(0)).toISOString()).toBe('2026-07-30T16:00:00.000Z');
	});
});

describe('the next action', () => {
	const criterion = (key: string, figure: number | null, target: number, recordable = true, metric: Metric = 'activities') => ({
		key,
		kind: 'measured' as const,
		met: figure !== null && figure >= target,
		figure,
		target,
		recordable,
		waived: null,
		measures: [{ metric, recordable }]
	});
	const now = new Date('2026-06-01T00:00:00Z');
	const facts = (more: Partial<NextActionFacts>): NextActionFacts => ({
		status: 'incubating',
		gateName: 'team_building',
		statusSince: new Date('2026-01-05T00:00:00Z'),
		mentor: 'm',
		proposedAt: null,
		supervisionDueAt: null,
		gate: { criteria: [criterion('a', 1, 3), criterion('b', 2, 3), criterion('c', null, 1, false)], passes: false },
		lastEvidenceAt: new Date('2026-05-01T00:00:00Z'),
		assessmentDueAt: new Date('2026-09-01T00:00:00Z'),
		...more
	});
	it('takes the open criterion nearest to its target', () => {
		expect(nextAction(facts({}), now)).toMatchObject({ code: 'criterion', criterion: 'b', stalled: false });
	});
	it('puts a waiting decision and a missing mentor first', () => {
		expect(nextAction(facts({ proposedAt: now }), now).code).toBe('decide_gate');
		expect(nextAction(facts({ mentor: null, proposedAt: now }), now).code).toBe('name_mentor');
	});
	it('says what is left to the head when nothing can be recorded', () => {
		const gate = { criteria: [criterion('c', null, 1, false)], passes: false };
		expect(nextAction(facts({ gate }), now)).toMatchObject({ code: 'waive', criterion: 'c' });
	});
	it('says who can take the step and by when', () => {
		expect(nextAction(facts({}), now)).toMatchObject({ who: 'group', due: new Date('2026-07-30T00:00:00Z') });
		const surveys = { criteria: [criterion('s', 3, 30, true, 'survey_responses')], passes: false };
		expect(nextAction(facts({ gate: surveys }), now).who).toBe('mentor');
		expect(nextAction(facts({ proposedAt: new Date('2026-05-30T04:00:00Z') }), now)).toMatchObject({ who: 'head', due: new Date('2026-06-02T16:00:00Z'), overdue: [] });
		expect(nextAction(facts({ status: 'applied', statusSince: new Date('2026-05-20T04:00:00Z') }), now)).toMatchObject({ who: 'station', overdue: ['application'] });
	});
	it('asks for what is overdue before what is open, but a call first where nothing has happened for long', () => {
		const overdue = facts({ assessmentDueAt: new Date('2026-05-01T00:00:00Z'), supervisionDueAt: new Date('2026-04-01T00:00:00Z') });
		expect(nextAction(overdue, now)).toMatchObject({ code: 'assess', overdue: ['supervision', 'assessment'] });
		expect(nextAction({ ...overdue, assessmentDueAt: new Date('2026-09-01T00:00:00Z') }, now).code).toBe('supervise');
		expect(nextAction({ ...overdue, lastEvidenceAt: new Date('2026-01-01T00:00:00Z') }, now)).toMatchObject({ code: 'criterion', stalled: true });
	});
	it('sorts by the earliest date anybody has to look at it, and leaves those who are gone behind', () => {
		fc.assert(
			fc.property(fc.constantFrom(...statuses), fc.date({ min: new Date('2025-01-01'), max: new Date('2026-05-30'), noInvalidDate: true }), fc.boolean(), (status, at, mentored) => {
				const some = facts({ status, lastEvidenceAt: at, assessmentDueAt: at, mentor: mentored ? 'm' : null });
				const next = nextAction(some, now);
				const first = attentionAt(some);
				if (status === 'declined' || status === 'exited') expect(first).toEqual(never);
				else {
					expect(next.due).not.toBeNull();
					expect(first <= (next.due ?? never)).toBe(true);
					expect(next.overdue.length > 0).toBe(first <= now);
				}
			})
		);
	});
	it('calls an organization stalled after ninety days without a record', () => {
		expect(nextAction(facts({ lastEvidenceAt: new Date('2026-03-03T00:00:00Z') }), now).stalled).toBe(false);
		expect(nextAction(facts({ lastEvidenceAt: new Date('2026-03-02T23:00:00Z') }), now).stalled).toBe(true);
	});
});

describe('what is refused at its field', () => {
	const faults = (parsed: { error?: z.ZodError }) => (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
	const decision = { action: 'waive', criterion: 'survey', reason: '', version: 0 };
	const motion = { kind: 'other', title: '表决', for: 5, against: 2, abstain: 1 };
	const meeting = { title: '大会', heldOn: '2026-05-01', eligible: 10, present: 8, motions: [motion] };

	it('a waiver, a return and a stage sent back without a reason, or a waiver of nothing', () => {
		expect(faults(gateDecisionSchema.safeParse(decision))).toEqual(['reason reason_needed']);
		for (const action of ['return', 'regress'])
			expect(faults(gateDecisionSchema.safeParse({ ...decision, action }))).toEqual(['reason reason_needed']);
		expect(faults(gateDecisionSchema.safeParse({ ...decision, criterion: '', reason: '旧档可查' }))).toEqual(['criterion required']);
		expect(faults(gateDecisionSchema.safeParse({ ...decision, reason: '旧档可查' }))).toEqual([]);
	});
	it('more votes than people present, more people present than entitled, an attested word without evidence', () => {
		expect(faults(meetingSchema.safeParse(meeting))).toEqual([]);
		expect(faults(meetingSchema.safeParse({ ...meeting, motions: [motion, { ...motion, for: 7 }] }))).toEqual(['motions.1.for votes_above_present']);
		expect(faults(meetingSchema.safeParse({ ...meeting, present: 11 }))).toEqual(['present present_above_eligible']);
		expect(faults(attestationSchema.safeParse({ criterion: 'summary', evidence: [], version: 0 }))).toEqual(['evidence evidence_needed']);
	});
});
