import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseLocale, overwriteGetLocale } from '#lib/i18n/generated/runtime.js';
import {
	dateFieldValue,
	dateTimeFieldValue,
	formatBytes,
	formatDate,
	formatDateTime,
	formatMoney,
	formatNumber,
	formatPercent,
	formatRelative,
	formatRemaining,
	yuanFieldValue
} from './format.ts';

let language: 'zh-CN' | 'en' = 'zh-CN';
beforeAll(() => overwriteGetLocale(() => language));
afterAll(() => overwriteGetLocale(() => baseLocale));

const at = (iso: string) => new Date(iso);

describe('dates in Shanghai', () => {
	it('shows the next day from 16:00 UTC on', () => {
		expect(formatDate(at('2026-03-04T15:59:00Z'), 'zh-CN')).toBe('2026年3月4日');
		expect(formatDate(at('2026-03-04T16:00:00Z'), 'zh-CN')).toBe('2026年3月5日');
		expect(formatDateTime(at('2025-12-31T16:05:00Z'), 'en')).toBe('1 Jan 2026, 00:05');
	});
	it('agrees with the zone database for every year since 1992', () => {
		const zone = new Intl.DateTimeFormat('sv-SE', {
			timeZone: 'Asia/Shanghai',
			dateStyle: 'short',
			timeStyle: 'short'
		});
		fc.assert(
			fc.property(fc.date({ min: at('1992-01-01'), max: at('2090-01-01'), noInvalidDate: true }), (instant) => {
				expect(dateTimeFieldValue(instant).replace('T', ' ')).toBe(zone.format(instant));
				expect(dateFieldValue(instant)).toBe(zone.format(instant).slice(0, 10));
			})
		);
	});
});

describe('relative time', () => {
	const now = at('2026-03-05T02:00:00Z');
	it.each([
		['2026-03-05T01:59:40Z', '刚刚'],
		['2026-03-05T01:30:00Z', '30 分钟前'],
		['2026-03-05T04:00:00Z', '2 小时后'],
		['2026-03-04T12:00:00Z', '昨天'],
		['2026-03-04T15:30:00Z', '11 小时前'],
		['2026-03-05T16:30:00Z', '明天'],
		['2026-03-08T02:00:00Z', '3 天后'],
		['2026-02-20T02:00:00Z', '13 天前'],
		['2025-11-30T02:00:00Z', '2025年11月30日']
	])('%s is %s', (iso, words) => {
		language = 'zh-CN';
		expect(formatRelative(at(iso), now)).toBe(words);
	});
	it('speaks English', () => {
		language = 'en';
		expect(formatRelative(at('2026-03-08T02:00:00Z'), now)).toBe('in 3 days');
		expect(formatRelative(at('2025-11-30T02:00:00Z'), now)).toBe('30 Nov 2025');
		expect(formatRemaining(at('2026-03-06T03:00:00Z'), now)).toBe('1 day left');
		language = 'zh-CN';
	});
});

describe('time left', () => {
	const now = at('2026-03-05T02:00:00Z');
	it.each([
		['2026-03-05T02:00:00Z', '已截止'],
		['2026-03-05T02:00:30Z', '还剩 1 分钟'],
		['2026-03-05T03:59:59Z', '还剩 1 小时'],
		['2026-03-06T01:59:59Z', '还剩 23 小时'],
		['2026-03-08T10:00:00Z', '还剩 3 天']
	])('%s is %s', (iso, words) => expect(formatRemaining(at(iso), now)).toBe(words));
});

describe('money', () => {
	it('shows fen only where there are any', () => {
		expect(formatMoney(300_000, 'zh-CN')).toBe('3,000 元');
		expect(formatMoney(300_050, 'zh-CN')).toBe('3,000.50 元');
		expect(formatMoney(5, 'en', 'sign')).toBe('¥0.05');
		expect(formatMoney(-120_000, 'en')).toBe('−1,200 yuan');
	});
	it('never gains or loses a fen', () => {
		fc.assert(
			fc.property(fc.integer({ min: -1e12, max: 1e12 }), (fen) => {
				const back = formatMoney(fen, 'zh-CN', 'sign').replace(/[¥,]/g, '').replace('−', '-');
				expect(Math.round(Number(back) * 100)).toBe(fen);
				expect(Math.round(Number(yuanFieldValue(fen)) * 100)).toBe(fen);
			})
		);
	});
});

describe('numbers', () => {
	it('groups thousands and drops zeros that say nothing', () => {
		expect(formatNumber(1_234_567)).toBe('1,234,567');
		expect(formatNumber(2.5, 2)).toBe('2.5');
		expect(formatNumber(-0.4)).toBe('0');
		expect(formatNumber(-1234.5, 1)).toBe('−1,234.5');
		expect(formatPercent(0.125, 1)).toBe('12.5%');
	});
	it('sizes files', () => {
		expect(formatBytes(820)).toBe('820 B');
		expect(formatBytes(2_405_000)).toBe('2.4 MB');
	});
});
