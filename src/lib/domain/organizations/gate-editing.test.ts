import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gateDefinitionsSchema, type Criterion } from './criteria.ts';
import { criteriaChanges, stationGatesSchema, withGate } from './gate-editing.ts';

const defaults = gateDefinitionsSchema.parse(JSON.parse(readFileSync('seeds/defaults/gates.json', 'utf8')));
const words = { 'zh-CN': '字', en: 'word' };
const measured = (metric: string, target: number, more: object = {}): Criterion =>
	({ key: 'one', label: words, hint: words, kind: 'measured', measure: { metric, target, ...more } }) as Criterion;
const gate = (...criteria: Criterion[]) => withGate(defaults, 'team_building', { full: criteria, light: [measured('activities', 3)] });
const problems = (...criteria: Criterion[]) => {
	const parsed = stationGatesSchema.safeParse(gate(...criteria));
	return parsed.success ? [] : parsed.error.issues.map(({ message, path }) => `${path.slice(3).join('.')} ${message}`);
};

describe('a station’s criteria', () => {
	it('may be the defaults', () => {
		expect(stationGatesSchema.safeParse(defaults).success).toBe(true);
	});
	it('measure something known, to a target and in a window that make sense', () => {
		expect(problems(measured('activities', 3, { windowDays: 90 }))).toEqual([]);
		expect(problems(measured('happiness', 3))[0]).toMatch(/^0\.measure\.metric/);
		expect(problems(measured('satisfaction_percent', 101))).toEqual(['0.measure.target target_out_of_range']);
		expect(problems(measured('charter_adopted', 2))).toEqual(['0.measure.target target_is_one']);
		expect(problems(measured('rules_in_force', 4))).toEqual(['0.measure.target target_out_of_range']);
		expect(problems(measured('activities', 0))).toEqual(['0.measure.target target_out_of_range']);
		expect(problems(measured('activities', 2.5))).toEqual(['0.measure.target target_out_of_range']);
		expect(problems(measured('activities', 3, { windowDays: 5 }))).toEqual(['0.measure.windowDays window_out_of_range']);
		expect(problems(measured('activities', 3, { alternatives: [{ metric: 'roster_members', target: 5000 }] }))).toEqual([
			'0.measure.alternatives.0.target target_out_of_range'
		]);
	});
	it('ask for something at every gate, each thing once', () => {
		expect(problems()).toEqual([' gate_needs_criterion']);
		expect(problems(measured('activities', 3), measured('roster_members', 3))).toEqual(['1.key criterion_twice']);
	});
});

describe('what changes between two versions', () => {
	it('names what was added, dropped and changed, and nothing else', () => {
		const before = gate(measured('activities', 3), { ...measured('roster_members', 8), key: 'two' });
		const after = gate({ ...measured('satisfaction_percent', 80), key: 'three' }, measured('activities', 4));
		expect(criteriaChanges(before, before)).toEqual([]);
		expect(criteriaChanges(before, after).map((change) => [change.gate, change.mode, change.key, Boolean(change.before), Boolean(change.after)])).toEqual([
			['team_building', 'full', 'one', true, true],
			['team_building', 'full', 'two', true, false],
			['team_building', 'full', 'three', false, true]
		]);
	});
	it('does not take another order for a change', () => {
		const [one, two] = [measured('activities', 3), { ...measured('roster_members', 8), key: 'two' }];
		expect(criteriaChanges(gate(one, two), gate(two, one))).toEqual([]);
		const turned = { hint: one.hint, measure: { target: 3, metric: 'activities' }, kind: 'measured', label: { en: 'word', 'zh-CN': '字' }, key: 'one' } as Criterion;
		expect(criteriaChanges(gate(one), gate(turned))).toEqual([]);
	});
});
