import { describe, expect, it } from 'vitest';
import { gateEditSchema } from '#lib/domain/organizations/gate-editing.ts';
import { fieldOf, postedGate } from './posted-gate.ts';

const words = { 'zh-CN': '名册', en: '' };
const row = (more: object) => ({ key: '', label: words, hint: words, kind: 'measured', metric: 'roster_members', target: '5', ...more });
const faultsOf = (values: Record<string, unknown>): string[] => {
	const parsed = gateEditSchema.safeParse(postedGate(values));
	return (parsed.error?.issues ?? []).map(({ path }) =>
		fieldOf(values, path.reduce<string>((sum, part) => (typeof part === 'number' ? `${sum}[${part}]` : sum ? `${sum}.${String(part)}` : String(part)), ''))
	);
};

describe('the form of a gate', () => {
	it('shows a fault at its own row, whatever rows above are dropped or empty', () => {
		const light = [row({})];
		expect(faultsOf({ full: [row({ key: 'a' }), row({ key: 'b' })], light, version: '0' })).toEqual([]);
		const full = [row({ key: 'a', drop: 'on' }), row({ label: { 'zh-CN': '', en: '' } }), row({ key: 'c', target: '0' })];
		expect(faultsOf({ full, light, version: '0' })).toEqual(['full[2].target']);
	});
	it('finds a fault among alternatives of which some are left empty', () => {
		const alternatives = [{ metric: '', target: '' }, { metric: 'interviews', target: '0' }];
		const full = [row({ key: 'a', drop: 'on' }), row({ key: 'b', alternatives })];
		expect(faultsOf({ full, light: [row({})], version: '0' })).toEqual(['full[1].alternatives[1].target']);
	});
	it('says of a gate without criteria that it needs one', () => {
		expect(faultsOf({ full: [row({ key: 'a', drop: 'on' })], light: [row({})], version: '0' })).toEqual(['full']);
	});
});
