import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moved, questionsOf, revise, type SurveyForm } from './revise.ts';
import { questionSchema } from './schema.ts';
import type { Question, QuestionInput } from './types.ts';

const input = (more: Record<string, unknown>): QuestionInput => questionSchema.parse({ type: 'text', label: '问什么', ...more });
const blank: SurveyForm = { questions: [], retired: [], forms: [] };
const choice = (key: string, label: string, options: string[]) => input({ key, type: 'single', label, options: options.map((text) => ({ label: text })) });
const again = (question: Question, more: Partial<QuestionInput> = {}): QuestionInput => ({ ...question, ...more });
const only = (form: SurveyForm, index = 0): Question => {
	const question = form.questions[index];
	if (!question) throw new Error('no such question');
	return question;
};

describe('editing a form', () => {
	it('changes a draft in place', () => {
		const first = revise(blank, [choice('age', '年龄', ['老', '少'])], false);
		const second = revise(first, [again(only(first), { label: '岁数', options: [{ key: '', label: '少' }, { key: '', label: '中' }] })], false);
		expect(second.questions).toMatchObject([{ key: 'age', label: '岁数', options: [{ key: 'o2', label: '少' }, { key: 'o3', label: '中' }] }]);
		expect(second.retired).toEqual([]);
		expect(second.forms).toEqual([{ revision: 0, keys: ['age'] }]);
	});

	it('retires a question whose words change once it was out, and keeps it when only its place or hint does', () => {
		const first = revise(blank, [choice('age', '年龄', ['老', '少']), input({ key: 'story', label: '说说' })], false);
		const hinted = revise(first, [again(only(first, 1)), again(only(first), { hint: '大概就行', required: true, asksNeeds: true })], true);
		expect(hinted.questions.map(({ key }) => key)).toEqual(['story', 'age']);
		expect(hinted.retired).toEqual([]);
		expect(hinted.forms.map(({ revision }) => revision)).toEqual([0, 1]);
		const reworded = revise(hinted, [again(only(hinted)), again(only(hinted, 1), { options: [{ key: '', label: '老' }, { key: '', label: '少' }, { key: '', label: '中' }] })], true);
		expect(reworded.questions.map(({ key }) => key)).toEqual(['story', 'q1']);
		expect(reworded.retired.map(({ key, options }) => [key, options.length])).toEqual([['age', 2]]);
		// Whoever still has the first form before them answers its questions.
		expect(questionsOf(reworded, 0).map(({ key }) => key)).toEqual(['age', 'story']);
		expect(questionsOf(reworded, 99).map(({ key }) => key)).toEqual(['story', 'q1']);
	});

	it('never gives one key two wordings, and loses no question that was out', () => {
		const label = fc.constantFrom('甲', '乙', '丙');
		const edit = fc.array(fc.record({ from: fc.nat(3), label, type: fc.constantFrom('text' as const, 'single' as const) }), { maxLength: 4 });
		fc.assert(
			fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
				let form = revise(blank, [input({ label: '甲' }), input({ label: '乙' })], false);
				const seen = new Map<string, string>();
				for (const next of edits) {
					const before = form.questions.map(({ key }) => key);
					form = revise(
						form,
						next.map(({ from, ...more }) => input({ key: form.questions[from]?.key ?? '', options: [{ label: '是' }, { label: '否' }], ...more })),
						true
					);
					const all = [...form.questions, ...form.retired];
					expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
					for (const { key, label: words, type } of all) {
						const known = seen.get(key);
						if (known) expect(`${type} ${words}`).toBe(known);
						seen.set(key, `${type} ${words}`);
					}
					for (const key of before) expect(all.some((question) => question.key === key)).toBe(true);
				}
			})
		);
	});

	it('moves by one place, and not past the ends', () => {
		const items = [{ key: 'a' }, { key: 'b' }, { key: 'c' }];
		const order = (key: string, by: -1 | 1) => moved(items, key, by).map((item) => item.key).join('');
		expect([order('b', -1), order('b', 1), order('a', -1), order('c', 1), order('x', 1)]).toEqual(['bac', 'acb', 'abc', 'abc', 'abc']);
	});
});
