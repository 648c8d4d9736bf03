import { describe, expect, test } from 'vitest';
import { comparableName } from '#lib/domain/judging/names.ts';

describe('a name as compared', () => {
	test.each([
		['梁守正', '梁 守正'],
		['梁守正', ' 梁守正老师 '],
		['阿依古丽·买买提', '阿依古丽买买提'],
		['Ｌｉ Ｗｅｉ', 'li wei'],
		['王芳', '王芳女士']
	])('%j is %j', (one, other) => {
		expect(comparableName(one)).toBe(comparableName(other));
	});

	test.each([
		['梁守正', '梁守'],
		['王芳', '王方']
	])('%j is not %j', (one, other) => {
		expect(comparableName(one)).not.toBe(comparableName(other));
	});
});
