import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { criteriaOf, gateDefinitionsSchema, metricKeys, type Criterion } from './criteria.ts';
import { evaluateGate } from './gates.ts';
import { gateNames } from './lifecycle.ts';
import { isRecordable, type OrganizationRecords } from './metrics.ts';
import { anyRecords, knownIds, shuffled, without } from './records.test-data.ts';

const now = new Date('2026-06-30T04:00:00Z');
const definitions = gateDefinitionsSchema.parse(JSON.parse(readFileSync('seeds/defaults/gates.json', 'utf8')));
const empty: OrganizationRecords = { members: [], activities: [], meetings: [], proposals: [] };
const activity = (id: string, heldOn: string, more: object = {}) => ({
	id,
	kind: 'activity' as const,
	heldOn,
	organizer: 'group' as const,
	attendees: [],
	guests: 0,
	feedbackCount: 0,
	satisfiedCount: 0,
	...more
});
const find = (key: string, criteria: readonly Criterion[], records: OrganizationRecords) =>
	evaluateGate(criteria, records, [], [], now).criteria.find((criterion) => criterion.key === key);

describe('the default gates', () => {
	it('count activities only inside their window and never in the future', () => {
		const criteria = criteriaOf(definitions, 'team_building', 'station_led');
		const days = ['2026-06-30', '2026-04-02', '2026-04-01', '2026-07-01'];
		const records = { ...empty, activities: days.map((day, index) => activity(String(index), day)) };
		expect(find('activities', criteria, records)).toMatchObject({ figure: 2, target: 3, met: false });
	});

	it('have a kind of record behind everything they can count', () => {
		expect(metricKeys.filter((metric) => !isRecordable(metric))).toEqual([]);
	});

	it('take what was asked from surveys or from interviews, whichever is nearer', () => {
		const survey = find('survey', criteriaOf(definitions, 'needs_survey', 'station_led'), empty);
		expect(survey).toMatchObject({ met: false, recordable: true, figure: 0 });
		expect(survey?.measures.map(({ metric }) => metric)).toEqual(['survey_responses', 'interviews']);
	});

	it('ask for four in five to be satisfied, not for nearly so', () => {
		const criteria = criteriaOf(definitions, 'team_building', 'station_led');
		const of = (satisfiedCount: number, feedbackCount: number) =>
			find('satisfaction', criteria, { ...empty, activities: [activity('a', '2026-06-01', { feedbackCount, satisfiedCount })] });
		expect(of(799, 1000)).toMatchObject({ met: false });
		expect(of(4, 5)).toMatchObject({ met: true, figure: 80 });
		expect(find('satisfaction', criteria, empty)).toMatchObject({ met: false, figure: null, recordable: true });
	});

	it('need the elected leader to be the present one', () => {
		const criteria = criteriaOf(definitions, 'leader_cultivation', 'station_led');
		const member = (id: string, role: 'leader' | 'member') => ({ id, role, prospective: false, joinedOn: '2026-01-01', leftOn: '' });
		const motion = { kind: 'elect_leader' as const, title: 'x', candidate: 'a', rule: '' as const, for: 6, against: 1, abstain: 1 };
		const meeting = { id: 'm', heldOn: '2026-03-01', eligible: 12, present: 8, motions: [motion] };
		expect(find('leader', criteria, { ...empty, members: [member('a', 'leader')], meetings: [meeting] })?.met).toBe(true);
		expect(find('leader', criteria, { ...empty, members: [member('b', 'leader')], meetings: [meeting] })?.met).toBe(false);
		expect(
			find('leader', criteria, { ...empty, members: [member('a', 'leader')], meetings: [{ ...meeting, present: 6 }] })?.met
		).toBe(false);
	});

	it('count what the group’s own tools recorded', () => {
		const tools = {
			trainings: [
				{ id: 't1', heldOn: '2026-05-01', attendees: ['a', 'z'] },
				{ id: 't2', heldOn: '2026-05-02', attendees: ['b'] },
				{ id: 't3', heldOn: '2026-07-01', attendees: ['a'] }
			],
			supervisions: [{ id: 's1', heldOn: '2026-06-01' }],
			entries: [
				{ id: 'e1', kind: 'project' as const, day: '2026-06-01' },
				{ id: 'e2', kind: 'project' as const, day: '' },
				{ id: 'e3', kind: 'accounts' as const, day: '2026-06-02' },
				{ id: 'e4', kind: 'resource' as const, day: '2026-07-02' },
				{ id: 'e5', kind: 'idea' as const, day: '' }
			]
		};
		const member = (id: string, role: 'core' | 'member') => ({ id, role, prospective: false, joinedOn: '2026-01-01', leftOn: '' });
		const records = { ...empty, members: [member('a', 'core'), member('b', 'member')], tools };
		const figure = (gate: (typeof gateNames)[number], key: string) => find(key, criteriaOf(definitions, gate, 'station_led'), records);
		expect(figure('leader_cultivation', 'core_trainings')).toMatchObject({ figure: 1, evidence: [{ kind: 'training', id: 't1' }] });
		expect(figure('team_building', 'supervision')).toMatchObject({ figure: 1, met: true, evidence: [{ kind: 'supervision', id: 's1' }] });
		expect(figure('project_support', 'projects')).toMatchObject({ figure: 1, met: true, evidence: [{ kind: 'entry', id: 'e1' }] });
		expect(figure('project_support', 'accounts')).toMatchObject({ figure: 1, met: true });
		expect(figure('graduation', 'resources')).toMatchObject({ figure: 0, met: false, recordable: true });
	});

	it('take no vote for a charter without its text, and say what is missing', () => {
		const criteria = criteriaOf(definitions, 'rule_making', 'station_led');
		const motion = (kind: 'adopt_charter' | 'adopt_rule', rule: '' | 'finance' = '') => ({ kind, title: 'x', candidate: '', rule, for: 8, against: 0, abstain: 0 });
		const meetings = [{ id: 'm', heldOn: '2026-03-01', eligible: 12, present: 8, motions: [motion('adopt_charter'), motion('adopt_rule', 'finance')] }];
		const missing = (records: OrganizationRecords, key: string) => find(key, criteria, records)?.measures[0]?.missing;
		expect(find('charter', criteria, { ...empty, meetings })).toMatchObject({ met: false, figure: 0 });
		expect(missing({ ...empty, meetings }, 'charter')).toBe('text');
		expect(missing({ ...empty, meetings }, 'rules')).toBe('text');
		const documents = [
			{ kind: 'charter' as const, meeting: 'm', inForceOn: '2026-03-02' },
			{ kind: 'finance' as const, meeting: 'm', inForceOn: '2026-07-01' }
		];
		expect(find('charter', criteria, { ...empty, meetings, documents })).toMatchObject({ met: true, figure: 1, evidence: [{ kind: 'meeting', id: 'm' }] });
		expect(missing({ ...empty, meetings, documents }, 'charter')).toBeNull();
		// A rule counts from the day on which it holds.
		expect(find('rules', criteria, { ...empty, meetings, documents })).toMatchObject({ figure: 0 });
		expect(find('charter', criteria, { ...empty, documents })).toMatchObject({ met: false });
	});

	it('take a word or a waiver for the criterion it names only', () => {
		const criteria = criteriaOf(definitions, 'rule_making', 'station_led');
		const word = { criterion: 'filing', by: 'w', at: now, note: '', evidence: [] };
		const waiver = { criterion: 'charter', by: 'h', at: now, reason: 'r' };
		const result = evaluateGate(criteria, empty, [word], [waiver], now);
		expect(result.criteria.filter(({ met }) => met).map(({ key }) => key)).toEqual(['filing']);
		expect(result.criteria.filter(({ waived }) => waived).map(({ key }) => key)).toEqual(['charter']);
		expect(result).toMatchObject({ passes: false, met: 2, total: 4 });
	});
});

/** A criterion for everything that can be measured; percentages ask for the half. */
const oneOfEach = metricKeys.map((metric): Criterion => {
	const words = { 'zh-CN': metric, en: metric };
	return { key: `one_${metric}`, label: words, hint: words, kind: 'measured', measure: { metric, target: metric.endsWith('_percent') ? 50 : 1 } };
});
const anyGate = fc.tuple(fc.constantFrom(...gateNames), fc.constantFrom('station_led' as const, 'self_developing' as const));

describe('a gate as a function of the record', () => {
	it('does not depend on the order of entry', () => {
		fc.assert(
			fc.property(anyRecords, anyGate, fc.infiniteStream(fc.nat()), (records, [gate, mode], dice) => {
				const criteria = [...criteriaOf(definitions, gate, mode), ...oneOfEach];
				expect(evaluateGate(criteria, shuffled(records, dice), [], [], now)).toEqual(evaluateGate(criteria, records, [], [], now));
			})
		);
	});

	it('opens each of its criteria again as its evidence is taken away', () => {
		fc.assert(
			fc.property(anyRecords, (records) => {
				for (const criterion of oneOfEach) {
					let left = records;
					let result = evaluateGate([criterion], left, [], [], now).criteria[0];
					while (result?.met) {
						// What is met can be shown, and what is shown can be taken away: an earlier record may stand in, never nothing.
						expect(result.evidence.length).toBeGreaterThan(0);
						left = without(left, result.evidence);
						result = evaluateGate([criterion], left, [], [], now).criteria[0];
					}
					expect(result?.met).toBe(false);
				}
			})
		);
	});

	it('shows for every met measured criterion a figure that reaches its target, with the records behind it', () => {
		fc.assert(
			fc.property(anyRecords, anyGate, (records, [gate, mode]) => {
				const known = knownIds(records);
				for (const criterion of evaluateGate([...criteriaOf(definitions, gate, mode), ...oneOfEach], records, [], [], now).criteria) {
					if (criterion.kind === 'attested') continue;
					expect(criterion.met).toBe(criterion.figure !== null && criterion.figure >= criterion.target && criterion.recordable);
					if (criterion.met && criterion.target > 0) expect(criterion.evidence.length).toBeGreaterThan(0);
					for (const item of criterion.evidence) expect(known.has(item.id)).toBe(true);
				}
			})
		);
	});

	it('never loses a met count when more of the same is recorded', () => {
		const counting = new Set(['activities', 'group_activities', 'supervision_sessions', 'proposals_written', 'rules_in_force']);
		fc.assert(
			fc.property(anyRecords, anyRecords, anyGate, (records, more, [gate, mode]) => {
				const prefix = <Item extends { id: string }>(items: readonly Item[]) => items.map((item) => ({ ...item, id: `f${item.id}` }));
				const larger = {
					...records,
					documents: [...(records.documents ?? []), ...(more.documents ?? []).map((document) => ({ ...document, meeting: `f${document.meeting}` }))],
					activities: [...records.activities, ...prefix(more.activities)],
					meetings: [...records.meetings, ...prefix(more.meetings)],
					proposals: [...records.proposals, ...prefix(more.proposals)]
				};
				const criteria = criteriaOf(definitions, gate, mode);
				const before = evaluateGate(criteria, records, [], [], now).criteria;
				const after = evaluateGate(criteria, larger, [], [], now).criteria;
				for (const [index, criterion] of before.entries())
					if (criterion.met && criterion.measures.every(({ metric }) => counting.has(metric)))
						expect(after[index]?.met).toBe(true);
			})
		);
	});
});
