import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnWidths, textWidth } from '#lib/domain/shared/text-width.ts';

const page = { total: 9638, mark: 110, room: 200 };

describe('widths', () => {
	it('counts a Chinese character as two, and the longest of several lines', () => {
		expect(textWidth('预算 6,180 元')).toBe(13);
		expect(textWidth('一\n二三\nabc')).toBe(4);
		expect(textWidth('')).toBe(0);
	});

	it('gives numbers what they need and the words the rest', () => {
		const [item = 0, amount = 0] = columnWidths([['买什么', '志愿者意外伤害保险，六个月，含门诊，由街道统一投保，保单复印件附在后面，出险后三天内报案'], ['小计', '1,200 元']], page);
		expect(amount).toBe(8 * 110 + 200);
		expect(item + amount).toBe(9638);
	});

	it('always fills the line, and no column is empty', () => {
		fc.assert(
			fc.property(fc.array(fc.array(fc.string(), { maxLength: 5 }), { minLength: 1, maxLength: 8 }), (columns) => {
				const widths = columnWidths(columns, page);
				expect(widths.reduce((sum, width) => sum + width, 0)).toBe(page.total);
				expect(Math.min(...widths)).toBeGreaterThan(0);
			})
		);
	});
});
