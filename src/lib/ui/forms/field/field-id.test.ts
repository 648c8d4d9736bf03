import { expect, it } from 'vitest';
import { describedBy, fieldId } from './field-id.ts';

it('makes one id of a path, whatever the path is made of', () => {
	expect(fieldId('budget.0.item')).toBe('f-budget-0-item');
	expect(fieldId('answers[活动目标]')).toBe('f-answers-活动目标');
});

it('describes a control by its hint, then its error', () => {
	expect(describedBy('f-a', 'hint', 'error')).toBe('f-a-hint f-a-error');
	expect(describedBy('f-a', undefined, undefined)).toBeUndefined();
});
