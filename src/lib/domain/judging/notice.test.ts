import { describe, expect, it } from 'vitest';
import { noticeEnd } from '#lib/domain/judging/notice.ts';

describe('noticeEnd', () => {
	it('counts five working days after the day of publication, to midnight in Shanghai', () => {
		// Monday 2 March 2026, 10:00 in Shanghai: the notice runs Tuesday to the next Monday.
		expect(noticeEnd(new Date('2026-03-02T02:00:00Z'), 5).toISOString()).toBe('2026-03-09T16:00:00.000Z');
	});
	it('starts after the weekend when published on a Friday night', () => {
		expect(noticeEnd(new Date('2026-03-06T15:59:00Z'), 1).toISOString()).toBe('2026-03-09T16:00:00.000Z');
	});
	it('goes by the day in Shanghai, not in Greenwich', () => {
		// 16:30 UTC on Thursday is Friday morning in Shanghai, so the first whole working day is Monday.
		expect(noticeEnd(new Date('2026-03-05T16:30:00Z'), 1).toISOString()).toBe('2026-03-09T16:00:00.000Z');
	});
	it('skips holidays', () => {
		const holidays = new Set(['2026-05-01']);
		expect(noticeEnd(new Date('2026-04-30T02:00:00Z'), 1, holidays).toISOString()).toBe('2026-05-04T16:00:00.000Z');
	});
});
