import { expect, test } from 'vitest';
import { clockSteps, effectiveState, takesSubmissions } from './clock.ts';
import { canStep, frozenChanges, needsReason } from './lifecycle.ts';
import { competitionStates } from './schema.ts';
import type { CompetitionSettings } from './types.ts';

const opensAt = new Date('2026-05-01T01:00:00Z');
const closesAt = new Date('2026-05-20T10:00:00Z');
const after = (date: Date, seconds: number) => new Date(date.getTime() + seconds * 1000);
const announced = { state: 'announced' as const, stateSince: after(opensAt, -86_400), timeline: { opensAt, closesAt, graceSeconds: 60 } };

test('submissions open and close to the second', () => {
	expect(effectiveState(announced, after(opensAt, -1))).toBe('announced');
	expect(effectiveState(announced, opensAt)).toBe('open');
	expect(effectiveState(announced, after(closesAt, -1))).toBe('open');
	expect(effectiveState(announced, closesAt)).toBe('screening');
});

test('the grace period counts although the state reads screening, and ends to the second', () => {
	for (const state of ['announced', 'open', 'screening'] as const) {
		expect(takesSubmissions({ ...announced, state }, after(closesAt, 59))).toBe(true);
		expect(takesSubmissions({ ...announced, state }, after(closesAt, 60))).toBe(false);
	}
	expect(takesSubmissions(announced, after(opensAt, -1))).toBe(false);
	expect(takesSubmissions({ ...announced, state: 'judging' }, after(closesAt, 1))).toBe(false);
	expect(takesSubmissions({ ...announced, state: 'cancelled' }, after(opensAt, 1))).toBe(false);
});

test('the clock writes its steps with the published times', () => {
	expect(clockSteps(announced, after(opensAt, -1))).toEqual([]);
	expect(clockSteps(announced, after(closesAt, 5)).map(({ from, to, at }) => [from, to, at])).toEqual([
		['announced', 'open', opensAt],
		['open', 'screening', closesAt]
	]);
	const late = { ...announced, stateSince: after(opensAt, 7) };
	expect(clockSteps(late, after(opensAt, 8))).toEqual([{ from: 'announced', to: 'open', at: after(opensAt, 7) }]);
	expect(clockSteps({ ...announced, state: 'open' }, after(closesAt, 5))).toHaveLength(1);
	expect(clockSteps({ ...announced, state: 'judging' }, after(closesAt, 5))).toEqual([]);
});

test('nobody opens or closes by hand, and ended competitions stay ended', () => {
	for (const from of competitionStates) {
		expect(canStep(from, 'open')).toBe(false);
		expect(canStep(from, 'screening')).toBe(false);
		expect(canStep(from, 'cancelled')).toBe(from !== 'closed' && from !== 'cancelled');
	}
	expect(canStep('screening', 'judging')).toBe(true);
	expect(canStep('screening', 'decided')).toBe(false);
});

test('cancelling and going back need a reason', () => {
	expect(needsReason('open', 'cancelled')).toBe(true);
	expect(needsReason('notice', 'deliberation')).toBe(true);
	expect(needsReason('screening', 'judging')).toBe(false);
});

test('a frozen part sent back unchanged is no change, whatever the order of its keys or the zone of its times', () => {
	const settings = {
		fund: 100,
		tracks: [{ key: 'a', cap: 1 }],
		timeline: { announcesAt: null, opensAt: '2026-05-01T01:00:00Z', closesAt: '2026-05-20T10:00:00Z', graceSeconds: 0, scoringUntil: null }
	} as unknown as CompetitionSettings;
	expect(frozenChanges(settings, { theme: 'x', fund: 100 })).toEqual([]);
	expect(frozenChanges(settings, { tracks: [{ cap: 1, key: 'a' }] as never })).toEqual([]);
	expect(frozenChanges(settings, { timeline: { ...settings.timeline, opensAt: '2026-05-01T09:00:00.000+08:00', scoringUntil: '2026-06-01T00:00:00Z' } })).toEqual([]);
	expect(frozenChanges(settings, { fund: 101 })).toEqual(['fund']);
	expect(frozenChanges(settings, { timeline: { ...settings.timeline, closesAt: '2026-05-21T10:00:00Z' } })).toEqual(['timeline']);
});
