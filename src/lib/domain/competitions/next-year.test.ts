import { expect, test } from 'vitest';
import { slugInYear, timelineNextYear, titleInYear } from './next-year.ts';

const timeline = {
	announcesAt: null,
	opensAt: '2025-03-10T01:00:00.000Z',
	closesAt: '2025-03-31T10:00:00.000Z',
	graceSeconds: 300,
	scoringUntil: '2025-04-10T10:00:00.000Z'
};
const plain = { off: new Set<string>(), work: new Set<string>() };
const now = new Date('2025-11-01T00:00:00Z');

test('times move a year on, to the next working day, and keep their hour', () => {
	// 10 March 2026 is a Tuesday, 31 March a Tuesday, 10 April a Friday.
	expect(timelineNextYear(timeline, now, plain)).toEqual({
		announcesAt: null,
		opensAt: '2026-03-10T01:00:00.000Z',
		closesAt: '2026-03-31T10:00:00.000Z',
		graceSeconds: 300,
		scoringUntil: '2026-04-10T10:00:00.000Z'
	});
	const holidays = { off: new Set(['2026-03-10', '2026-03-11']), work: new Set<string>() };
	expect(timelineNextYear(timeline, now, holidays).opensAt).toBe('2026-03-12T01:00:00.000Z');
	// 2027: 10 April is a Saturday; a made-up-for Saturday is worked.
	const later = new Date('2026-06-01T00:00:00Z');
	expect(timelineNextYear(timeline, later, plain).scoringUntil).toBe('2027-04-12T10:00:00.000Z');
	expect(timelineNextYear(timeline, later, { off: new Set(), work: new Set(['2027-04-10']) }).scoringUntil).toBe('2027-04-10T10:00:00.000Z');
});

test('an evening in Shanghai stays that evening, and 29 February becomes 28 February or the working day after', () => {
	const leap = { ...timeline, opensAt: '2024-02-29T15:30:00.000Z', closesAt: '2024-03-20T10:00:00.000Z' };
	expect(timelineNextYear(leap, new Date('2024-06-01T00:00:00Z'), plain).opensAt).toBe('2025-02-28T15:30:00.000Z');
});

test('it opens after now, however old the model is', () => {
	const moved = timelineNextYear(timeline, new Date('2031-07-01T00:00:00Z'), plain);
	expect(Date.parse(moved.opensAt)).toBeGreaterThan(Date.parse('2031-07-01T00:00:00Z'));
	expect(Date.parse(moved.opensAt)).toBeLessThan(Date.parse('2032-07-01T00:00:00Z'));
	expect(Date.parse(moved.closesAt)).toBeGreaterThan(Date.parse(moved.opensAt));
});

test('names and addresses count their year on', () => {
	expect(titleInYear('邻里有办法·2025 夏', 2026)).toBe('邻里有办法·2026 夏');
	expect(titleInYear('夏耘', 2026)).toBe('夏耘 2026');
	expect(slugInYear('summer-2025', 2026)).toBe('summer-2026');
	expect(slugInYear('summer', 2026)).toBe('summer-2026');
});
