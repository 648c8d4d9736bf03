import { expect, it } from 'vitest';
import { panels, simulate } from './ranking.ts';

const result = (name: string) => {
	const panel = panels.find((one) => one.name.startsWith(name));
	if (!panel) throw new Error('no such panel');
	return simulate(panel, 60, 'test');
};

it('finds more of the truly best where judges are biased and see different proposals', () => {
	const { found, covered } = result('unbalanced, biased');
	expect(found.calibrated - found.mean).toBeGreaterThanOrEqual(0.03);
	expect(covered).toBeGreaterThan(0.93);
	expect(covered).toBeLessThan(0.97);
});

it('never does worse than the mean where everybody judges everything', () => {
	const { found, covered, worse } = result('balanced');
	expect(worse).toBe(0);
	expect(found.calibrated).toBe(found.mean);
	expect(covered).toBeGreaterThan(0.9);
});
