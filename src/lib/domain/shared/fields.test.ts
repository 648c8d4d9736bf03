import { describe, expect, it } from 'vitest';
import { lineSchema, phoneSchema, requiredLineSchema, requiredTextSchema } from './fields.ts';

describe('text that was copied from elsewhere', () => {
	it('loses the signs nobody sees', () => {
		expect(phoneSchema.parse('\u202a138 0013-8000\u202c')).toBe('13800138000');
		expect(lineSchema(20).parse('\ufeff邹小满\u200b ')).toBe('邹小满');
		expect(lineSchema(20).parse('合唱队\u202e员成')).toBe('合唱队员成');
		expect(requiredTextSchema(20).parse('\u2066第一行\r\n第二行\u2069')).toBe('第一行\n第二行');
	});

	it('keeps what is seen, joined emoji too', () => {
		for (const text of ['👩‍🌾 菜园', 'Ünïcödé', '全角　空格', '𠮷野']) expect(lineSchema(20).parse(text)).toBe(text);
	});

	it('is empty when nothing is seen of it, and short enough when what is seen is', () => {
		expect(requiredLineSchema(5).safeParse('\u200b\u2060').error?.issues[0]?.message).toBe('required');
		expect(requiredTextSchema(5).safeParse(' \ufeff ').error?.issues[0]?.message).toBe('required');
		expect(lineSchema(3).safeParse('\u202a邹小满\u202c').success).toBe(true);
		expect(lineSchema(3).safeParse('邹小满啊').success).toBe(false);
	});
});
