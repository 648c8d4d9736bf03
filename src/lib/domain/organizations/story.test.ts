import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chaptersOf, countsOf, storyKindOf, storyKinds, tells } from './story.ts';
import { gateNames, type GateName } from './lifecycle.ts';

const event = (day: number, code: string, gate: GateName | null = null) => ({ at: new Date(Date.UTC(2026, 0, day)), code, gate });

describe('the story of an organization', () => {
	it('is cut where stages end, and the decision closes its chapter', () => {
		const chapters = chaptersOf([
			event(1, 'applied'),
			event(3, 'accepted'),
			event(9, 'gate_approved', 'needs_survey'),
			event(5, 'activity'),
			event(12, 'gate_regressed', 'needs_survey'),
			event(20, 'gate_approved', 'project_support'),
			event(30, 'graduated', 'graduation'),
			event(31, 'activity')
		]);
		expect(chapters.map(({ key, events }) => [key, events.map(({ code }) => code)])).toEqual([
			['application', ['applied', 'accepted']],
			['needs_survey', ['activity', 'gate_approved']],
			['leader_cultivation', ['gate_regressed']],
			['needs_survey', ['gate_approved']],
			['graduation', ['graduated']],
			['graduated', ['activity']]
		]);
		expect(chapters.at(-1)?.to).toBeNull();
	});
	it('counts what a chapter came to, and how long it took once it is over', () => {
		const [, needs] = chaptersOf([event(1, 'accepted'), event(3, 'activity'), event(4, 'session'), event(5, 'station_training'), event(6, 'meeting'), event(9, 'gate_approved', 'needs_survey')]);
		expect(needs && countsOf(needs)).toEqual({ days: 8, activities: 1, meetings: 1, support: 2 });
		expect(countsOf({ from: new Date(0), to: null, events: [] })).toEqual({ days: null, activities: 0, meetings: 0, support: 0 });
	});
	it('shows every event under one kind, and pictures under theirs wherever they hang', () => {
		const told = ['applied', 'gate_approved', 'activity', 'session', 'interview', 'project_closed', 'assessed_self', 'document_in_force', 'anything new'];
		for (const code of told) expect(storyKinds.filter((kind) => tells({ code, pictures: [] }, kind))).toEqual([storyKindOf(code)]);
		expect(storyKinds.filter((kind) => tells({ code: 'activity', pictures: ['a'] }, kind))).toEqual(['activities', 'pictures']);
	});
	it('loses nothing and tells everything once, in order', () => {
		const any = fc.record({
			at: fc.integer({ min: 0, max: 500 }).map((n) => new Date(Date.UTC(2025, 0, 1) + n * 86_400_000)),
			code: fc.constantFrom('applied', 'accepted', 'gate_approved', 'gate_regressed', 'graduated', 'activity', 'meeting'),
			gate: fc.constantFrom(...gateNames)
		});
		fc.assert(
			fc.property(fc.array(any, { maxLength: 25 }), (events) => {
				const told = chaptersOf(events).flatMap((chapter) => chapter.events);
				expect(told).toHaveLength(events.length);
				expect(told.map(({ at }) => at.getTime())).toEqual(events.map(({ at }) => at.getTime()).sort((a, b) => a - b));
			})
		);
	});
});
