import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maturityModelSchema, modelChanges, type MaturityModel } from './maturity-model.ts';
import type { Levels } from './maturity.ts';
import type { MemberRecord, OrganizationRecords } from './metrics.ts';
import { recordFacts, type FactContext } from './record-facts.ts';
import { contradictions, suggestLevels } from './suggestion.ts';
import { dimensions, memberRoles } from './terms.ts';

const now = new Date('2026-06-30T04:00:00Z');
const model: MaturityModel = maturityModelSchema.parse(JSON.parse(readFileSync('seeds/defaults/maturity-model.json', 'utf8')));
const context: FactContext = { filing: 'none', awards: 0, reflections: 0 };
const empty: OrganizationRecords = { members: [], activities: [], meetings: [], proposals: [] };
const member = (id: string, role: MemberRecord['role'] = 'member', joinedOn = '2024-01-01'): MemberRecord => ({ id, role, prospective: false, joinedOn, leftOn: '' });
const activity = (id: string, heldOn: string, more: object = {}) => ({
	id,
	kind: 'activity' as const,
	heldOn,
	organizer: 'group' as const,
	attendees: [] as string[],
	guests: 0,
	feedbackCount: 0,
	satisfiedCount: 0,
	...more
});
const says = (dimension: (typeof dimensions)[number], records: Partial<OrganizationRecords>, more: Partial<FactContext> = {}) =>
	suggestLevels(model, recordFacts({ ...empty, ...records }, { ...context, ...more }, now)).find((one) => one.dimension === dimension);
const levels = (value: number, more: Partial<Levels> = {}): Levels =>
	({ ...Object.fromEntries(dimensions.map((key) => [key, value])), ...more }) as Levels;
const roster = (count: number) => Array.from({ length: count }, (_, index) => member(String(index)));
const adoption = { id: 'm', heldOn: '2026-05-01', eligible: 9, present: 8, motions: [{ kind: 'adopt_charter' as const, title: '', candidate: '', rule: '' as const, for: 7, against: 1, abstain: 0 }] };

describe('suggested levels', () => {
	it('name the figures that say so, and the records behind them', () => {
		const found = says('membership', { members: roster(8) });
		expect(found).toMatchObject({ atLeast: 1, atMost: 1 });
		expect(found?.figures[0]).toMatchObject({ level: 2, fact: 'roster_members', figure: 8, min: 10, met: false });
		expect(found?.figures[0]?.evidence).toHaveLength(8);
		expect(says('membership', { members: roster(10) })).toMatchObject({ atLeast: 2 });
	});
	it('count a charter only together with the filing', () => {
		const members = [member('a', 'leader')];
		const documents = [{ kind: 'charter' as const, meeting: 'm', inForceOn: '2026-05-01' }];
		expect(says('governance', { members, meetings: [adoption] }, { filing: 'filed' })).toMatchObject({ atLeast: 2, atMost: 2 });
		expect(says('governance', { members, meetings: [adoption], documents })).toMatchObject({ atLeast: 2, atMost: 2 });
		expect(says('governance', { members, meetings: [adoption], documents }, { filing: 'filed' })).toMatchObject({ atLeast: 3, atMost: 3 });
		const second = { ...adoption, id: 'n', heldOn: '2026-06-01' };
		expect(says('governance', { members, meetings: [adoption, second], documents }, { filing: 'filed' })).toMatchObject({ atLeast: 4, atMost: 4 });
	});
	it('do not count what is proven above a contradicted level', () => {
		const activities = ['2026-04-01', '2026-05-01', '2026-06-01'].map((day, index) => activity(String(index), day, { attendees: ['0', '1', '2', '3'] }));
		expect(says('membership', { members: roster(4), activities })).toMatchObject({ atLeast: 1, atMost: 1 });
	});
	it('say nothing from figures nobody can know, and leave out what they know nothing about', () => {
		expect(says('membership', { members: roster(12) })?.figures.find(({ fact }) => fact === 'attendance_percent')).toMatchObject({ figure: null, met: null });
		const silent: MaturityModel = { ...model, dimensions: model.dimensions.map((one) => ({ ...one, rules: [] })) };
		expect(suggestLevels(silent, recordFacts(empty, context, now))).toEqual([]);
	});
	it('never prove by a rule that only rules out', () => {
		const members = Array.from({ length: 30 }, (_, index) => member(String(index), 'member', '2026-02-01'));
		const activities = ['2026-04-01', '2026-05-01', '2026-06-01'].map((day, index) => activity(String(index), day, { attendees: members.map(({ id }) => id) }));
		expect(says('membership', { members, activities })).toMatchObject({ atLeast: 3, atMost: null });
	});
});

describe('contradictions', () => {
	const suggestions = suggestLevels(model, recordFacts({ ...empty, members: roster(12) }, context, now));
	it('are levels above what the record allows or below what it proves, with the figures', () => {
		const found = contradictions(levels(1, { membership: 1, governance: 4 }), suggestions);
		expect(found.map(({ dimension, kind, bound }) => [dimension, kind, bound])).toEqual([
			['governance', 'above', 1],
			['membership', 'below', 2]
		]);
		expect(found[0]?.figures.map(({ fact }) => fact)).toContain('leader_on_roster');
	});
	it('vanish for the suggested levels themselves', () => {
		const own = Object.fromEntries(suggestions.map(({ dimension, atLeast }) => [dimension, atLeast]));
		expect(contradictions(levels(1, own), suggestions)).toEqual([]);
	});
});

const day = fc.integer({ min: 0, max: 800 }).map((n) => new Date(Date.UTC(2024, 6, 1) + n * 86_400_000).toISOString().slice(0, 10));
const id = fc.integer({ min: 0, max: 30 }).map((n) => n.toString(16).padStart(24, '0'));
const byId = { selector: (item: { id: string }) => item.id, maxLength: 10 };
const anyRecords = fc.record({
	members: fc.uniqueArray(fc.record({ id, role: fc.constantFrom(...memberRoles), prospective: fc.boolean(), joinedOn: day, leftOn: fc.constant('') }), byId),
	activities: fc.uniqueArray(
		fc.record({
			id,
			kind: fc.constantFrom('activity' as const, 'training' as const, 'supervision' as const),
			heldOn: day,
			organizer: fc.constantFrom('group' as const, 'worker' as const),
			attendees: fc.array(id, { maxLength: 5 }),
			guests: fc.integer({ min: 0, max: 9 }),
			feedbackCount: fc.constantFrom(0, 10),
			satisfiedCount: fc.constant(5)
		}),
		byId
	),
	meetings: fc.constant([]),
	proposals: fc.constant([])
}) as fc.Arbitrary<OrganizationRecords>;

describe('suggestions', () => {
	it('depend on what is recorded, not on the order it was entered in', () => {
		fc.assert(
			fc.property(anyRecords, (records) => {
				const turned = { ...records, members: [...records.members].reverse(), activities: [...records.activities].reverse() };
				expect(suggestLevels(model, recordFacts(turned, context, now))).toEqual(suggestLevels(model, recordFacts(records, context, now)));
			}),
			{ numRuns: 60 }
		);
	});
	it('leave room between what is proven and what is contradicted, and accept every level in it', () => {
		fc.assert(
			fc.property(anyRecords, fc.integer({ min: 1, max: 5 }), (records, level) => {
				const found = suggestLevels(model, recordFacts(records, context, now));
				for (const { dimension, atLeast, atMost } of found) {
					expect(atLeast).toBeLessThanOrEqual(atMost ?? 5);
					const refused = contradictions(levels(level), found).some((one) => one.dimension === dimension);
					expect(refused).toBe(level < atLeast || level > (atMost ?? 5));
				}
			}),
			{ numRuns: 60 }
		);
	});
});

describe('a model', () => {
	const governance = model.dimensions[0];
	it('keeps its seven dimensions and five levels', () => {
		expect(maturityModelSchema.safeParse({ ...model, dimensions: model.dimensions.slice(1) }).success).toBe(false);
		expect(maturityModelSchema.safeParse({ ...model, dimensions: [...model.dimensions].reverse() }).success).toBe(false);
		const twice = { ...governance, rules: [...(governance?.rules ?? []), governance?.rules[0]] };
		expect(maturityModelSchema.safeParse({ ...model, dimensions: [twice, ...model.dimensions.slice(1)] }).success).toBe(false);
	});
	it('tells what changed', () => {
		const changed = structuredClone(model);
		const membership = changed.dimensions[2];
		if (!membership?.rules[0]?.conditions[0] || !membership.levels[1]) throw new Error('the default model has changed');
		membership.rules[0].conditions[0].min = 15;
		membership.levels[1].label = { 'zh-CN': '15 人以上', en: '15 or more' };
		expect(modelChanges(model, model)).toEqual([]);
		expect(modelChanges(model, changed).map(({ dimension, level, what, fact, after }) => [dimension, level, what, fact, after])).toEqual([
			['membership', 2, 'label', null, { 'zh-CN': '15 人以上', en: '15 or more' }],
			['membership', 2, 'rule', 'roster_members', 15]
		]);
	});
});
