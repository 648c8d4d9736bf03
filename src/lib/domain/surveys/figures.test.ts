import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criteriaOf, gateDefinitionsSchema } from '#lib/domain/organizations/criteria.ts';
import { evaluateGate } from '#lib/domain/organizations/gates.ts';
import { askedFigures, isSatisfied, needsOf, type Asked, type AskedResponse } from './figures.ts';
import { needKey, rankNeeds, renamed, restored, type Mention } from './needs.ts';
import { newQuestion } from './sample.test-data.ts';

const troubles = newQuestion({ key: 'troubles', type: 'multiple', options: ['停车', '看病', '噪音', '其他'], asksNeeds: true });
const story = newQuestion({ key: 'story', type: 'text', asksNeeds: true });
const happy = newQuestion({ key: 'happy', type: 'scale', min: 1, max: 5 });
const survey = { id: 's1', kind: 'needs' as const, title: '问卷', activity: null, questions: [troubles, story], retired: [] };
const feedback = { id: 's2', kind: 'feedback' as const, title: '反馈', activity: 'a1', questions: [happy], retired: [] };
const response = (id: string, answers: AskedResponse['answers'], more: Partial<AskedResponse> = {}): AskedResponse => ({ id, survey: 's1', day: '2026-03-01', answers, ...more });
const asked = (more: Partial<Asked>): Asked => ({ surveys: [survey, feedback], responses: [], interviews: [], names: {}, ...more });

describe('needs', () => {
	it('are ranked by how many people named them; equals share a place; “其他” is none', () => {
		const needs = needsOf(
			asked({
				responses: [response('1', { troubles: ['o1', 'o2'] }), response('2', { troubles: ['o1', 'o4'] }), response('3', { story: '看病。\n1、没人说话' })],
				interviews: [{ id: 'i', heldOn: '2026-03-05', who: '租户', needs: ['停车', '噪音'] }]
			})
		);
		expect(needs.map(({ rank, label, count, answers, interviews }) => [rank, label, count, answers, interviews])).toEqual([
			[1, '停车', 3, 2, 1],
			[2, '看病', 2, 2, 0],
			[3, '噪音', 1, 0, 1],
			[3, '没人说话', 1, 1, 0]
		]);
	});

	it('merge under one name, where a person counts once, and come apart again', () => {
		const responses = [response('1', { troubles: ['o1', 'o3'] }), response('2', { troubles: ['o1'] })];
		const merged = renamed({}, ['停车', '噪音'], '院子里乱');
		expect(needsOf(asked({ responses, names: merged })).map(({ label, count, names }) => [label, count, names.length])).toEqual([['院子里乱', 2, 2]]);
		const further = renamed(merged, ['院子里乱'], '环境');
		expect(needsOf(asked({ responses, names: further })).map(({ label }) => label)).toEqual(['环境']);
		expect(needsOf(asked({ responses, names: restored(further, ['停车']) })).map(({ label }) => label)).toEqual(['停车', '环境']);
		expect(needsOf(asked({ responses, names: renamed({}, ['停车'], '') })).map(({ label }) => label)).toEqual(['噪音']);
	});

	it('are the same whatever the spaces, width and marks', () => {
		expect(new Set(['没地方 停车', '没地方  停车。', '没地方 停车！'].map(needKey)).size).toBe(1);
	});
});

const day = fc.integer({ min: 0, max: 200 }).map((n) => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10));
const options = fc.uniqueArray(fc.constantFrom('o1', 'o2', 'o3', 'o4'), { minLength: 1 });
const anyAsked: fc.Arbitrary<Asked> = fc
	.record({
		needs: fc.array(fc.record({ day, troubles: options, story: fc.constantFrom('停车', '看病。', '没人说话') }), { maxLength: 40 }),
		forms: fc.array(fc.record({ day, happy: fc.integer({ min: 1, max: 5 }) }), { maxLength: 20 }),
		interviews: fc.array(fc.record({ heldOn: day, who: fc.constant('租户'), needs: fc.uniqueArray(fc.constantFrom('停车', '噪音', '电梯')) }), { maxLength: 8 }),
		names: fc.constantFrom<Record<string, string>>({}, { 停车: '看病' }, { 噪音: '' })
	})
	.map(({ needs, forms, interviews, names }) =>
		asked({
			responses: [
				...needs.map((answer, index) => response(`r${index}`, { troubles: answer.troubles, story: answer.story }, { day: answer.day })),
				...forms.map((answer, index) => response(`f${index}`, { happy: answer.happy }, { survey: 's2', day: answer.day }))
			],
			interviews: interviews.map((interview, index) => ({ ...interview, id: `i${index}` })),
			names
		})
	);

const definitions = gateDefinitionsSchema.parse(JSON.parse(readFileSync('seeds/defaults/gates.json', 'utf8')));
const gateOf = (records: Asked) =>
	evaluateGate(
		criteriaOf(definitions, 'needs_survey', 'station_led'),
		{ members: [], activities: [], meetings: [], proposals: [], asked: askedFigures(records) },
		[],
		[],
		new Date('2026-12-31T00:00:00Z')
	).criteria;

describe('the gate of the needs survey', () => {
	it('counts answers and interviews with the figure and what lies behind it', () => {
		const responses = Array.from({ length: 29 }, (_, index) => response(String(index), { troubles: ['o1'] }));
		const [before] = gateOf(asked({ responses }));
		expect(before).toMatchObject({ key: 'survey', recordable: true, met: false, figure: 29, target: 30, evidence: [{ kind: 'survey', id: 's1' }] });
		expect(gateOf(asked({ responses: [...responses, response('last', { troubles: ['o2'] })] }))[0]).toMatchObject({ met: true, figure: 30 });
		const interviews = Array.from({ length: 5 }, (_, index) => ({ id: `i${index}`, heldOn: '2026-03-01', who: '租户', needs: ['停车', '看病', '噪音'] }));
		const talks = gateOf(asked({ interviews }));
		expect(talks[0]).toMatchObject({ met: true, figure: 5, target: 5 });
		expect(talks[1]).toMatchObject({ key: 'needs_ranked', met: true, figure: 3 });
	});

	it('is a function of the records: their order changes nothing', () => {
		fc.assert(
			fc.property(anyAsked.chain((records) => fc.tuple(fc.constant(records), fc.shuffledSubarray([...records.responses], { minLength: records.responses.length }), fc.shuffledSubarray([...records.interviews], { minLength: records.interviews.length }))), ([records, responses, interviews]) => {
				const shuffled = { ...records, responses, interviews, surveys: [...records.surveys].reverse() };
				expect(askedFigures(shuffled)).toEqual(askedFigures(records));
				expect(gateOf(shuffled)).toEqual(gateOf(records));
			})
		);
	});

	it('opens again when evidence is taken away, and never counts more for less', () => {
		fc.assert(
			fc.property(anyAsked, fc.nat(), (records, nth) => {
				const all = gateOf(records);
				const responses = records.responses.filter((_, index) => index !== nth % Math.max(1, records.responses.length));
				const interviews = records.interviews.filter((_, index) => index !== nth % Math.max(1, records.interviews.length));
				for (const less of [gateOf({ ...records, responses }), gateOf({ ...records, interviews }), gateOf({ ...records, responses: [], interviews: [] })])
					less.forEach((criterion, index) => {
						if (criterion.met) expect(all[index]?.met).toBe(true);
						for (const [at, measure] of criterion.measures.entries())
							expect(measure.figure ?? 0).toBeLessThanOrEqual(all[index]?.measures[at]?.figure ?? 0);
					});
				expect(gateOf({ ...records, responses: [], interviews: [] }).filter(({ met }) => met)).toEqual([]);
			})
		);
	});

	it('ranks mentions the same in any order', () => {
		const mention = fc.record({ label: fc.constantFrom('停车', '停车 ', '看病', 'WIFI', 'wifi'), source: fc.constantFrom('answer' as const, 'interview' as const), record: fc.constantFrom('a', 'b', 'c'), day });
		const distinct = (all: Mention[]) => all.map((item) => ({ ...item, record: `${item.source}${item.record}` }));
		fc.assert(
			fc.property(fc.array(mention), (all) => {
				expect(rankNeeds(distinct([...all].reverse()), {})).toEqual(rankNeeds(distinct(all), {}));
			})
		);
	});
});

describe('feedback', () => {
	it('counts four and five of five as satisfied', () => {
		expect([1, 3, 4, 5].map((value) => isSatisfied(feedback, { happy: value }))).toEqual([false, false, true, true]);
		expect(isSatisfied(feedback, {})).toBeNull();
		const responses = [5, 4, 3].map((value, index) => response(String(index), { happy: value }, { survey: 's2' }));
		expect(askedFigures(asked({ responses })).feedback).toEqual([{ activity: 'a1', count: 3, satisfied: 2 }]);
	});
});
