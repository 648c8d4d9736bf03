import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readResponse, searchTextOf } from './answers.ts';
import { needsNamed } from './needs.ts';
import { answerWords, longestText, questionFaults } from './question-types.ts';
import { questionSchema } from './schema.ts';
import { newQuestion } from './sample.test-data.ts';
import { summarize } from './summary.ts';

const troubles = newQuestion({ key: 'troubles', type: 'multiple', label: '愁什么', options: ['停车', '看病', '其他'], maxChoices: 2, required: true });
const age = newQuestion({ key: 'age', type: 'single', label: '年龄', options: ['60 岁以下', '60 岁以上'] });
const scale = newQuestion({ key: 'scale', type: 'scale', label: '归属感', min: 1, max: 5 });
const people = newQuestion({ key: 'people', type: 'number', label: '家里几口人', min: 1, max: 20, unit: '人' });
const story = newQuestion({ key: 'story', type: 'text', label: '说说' });
const contact = newQuestion({ key: 'contact', type: 'contact', label: '联系方式' });
const questions = [troubles, age, scale, people, story, contact];

const read = (answers: Record<string, unknown>, more: Record<string, unknown> = {}, how: 'sent' | 'paper' | 'typed' = 'sent') =>
	readResponse(questions, { answers, contact: more }, how);
const codes = (answers: Record<string, unknown>, more: Record<string, unknown> = {}, how: 'sent' | 'paper' | 'typed' = 'sent') =>
	read(answers, more, how).issues.map(({ path, code }) => `${path} ${code}`);

describe('an answer', () => {
	it('keeps what was chosen, counted and said', () => {
		const { answers, issues } = read({ troubles: ['o2', 'o1', 'o2'], age: 'o1', scale: '4', people: '３', story: ' 楼道\r\n太黑 ' });
		expect(issues).toEqual([]);
		expect(answers).toEqual({ troubles: ['o1', 'o2'], age: 'o1', scale: 4, people: 3, story: '楼道\n太黑' });
		expect(questions.map((question) => answerWords(question, answers))).toEqual(['停车；看病', '60 岁以下', '4', '3 人', '楼道\n太黑', '']);
	});

	it('keeps what was written beside the last option, and ticks it for who forgot', () => {
		const other = newQuestion({ key: 'troubles', type: 'multiple', options: ['停车', '看病', '其他，请说明'], maxChoices: 2, required: true, other: true, asksNeeds: true });
		const mood = newQuestion({ key: 'mood', type: 'single', options: ['好', '其他'], other: 'on' });
		const both = (answers: Record<string, unknown>, how: 'sent' | 'typed' = 'sent') => readResponse([other, mood], { answers, contact: {} }, how);
		expect(both({ troubles: ['o3'], 'troubles-other': ' 想种菜 ' }).answers).toEqual({ troubles: ['o3'], 'troubles-other': '想种菜' });
		// Written and not ticked is ticked, as long as there is room; with another choice both stay.
		expect(both({ 'troubles-other': '想种菜' })).toMatchObject({ answers: { troubles: ['o3'], 'troubles-other': '想种菜' }, issues: [] });
		const full = both({ troubles: ['o1', 'o2'], 'troubles-other': '想种菜', mood: 'o1', 'mood-other': '有点累' });
		expect(full.answers).toEqual({ troubles: ['o1', 'o2'], 'troubles-other': '想种菜', mood: 'o1', 'mood-other': '有点累' });
		expect(answerWords(other, full.answers)).toBe('停车；看病（想种菜）');
		expect(both({ troubles: '1', 'troubles-other': '想种菜' }, 'typed').answers).toEqual({ troubles: ['o1', 'o3'], 'troubles-other': '想种菜' });
		expect(both({ troubles: ['o1'], 'troubles-other': { $gt: '' } }).issues.map(({ path, code }) => `${path} ${code}`)).toEqual(['answers.troubles-other type_string']);
		// Words where nobody asks for them are not taken.
		expect(codes({ troubles: ['o1'], 'troubles-other': 'x' })).toEqual(['answers.troubles-other unknown_question']);
		// Shown with the results, searchable, and a need of its own; the option by itself is none.
		const [summary] = summarize({ questions: [other], retired: [] }, [full.answers, { troubles: ['o3'] }]);
		expect(summary).toMatchObject({ answered: 2, texts: ['想种菜'] });
		expect(searchTextOf([other, mood], full.answers)).toBe('想种菜\n有点累');
		expect(needsNamed([other], full.answers)).toEqual(['停车', '看病', '想种菜']);
		expect(needsNamed([other], { troubles: ['o3'] })).toEqual([]);
	});

	it('refuses what nobody offered', () => {
		expect(codes({ troubles: ['o1', 'o9'] })).toEqual(['answers.troubles choose_one']);
		expect(codes({ troubles: ['o1', 'o2', 'o3'] })).toEqual(['answers.troubles too_many_choices']);
		expect(codes({ troubles: 'o1', age: 'o7', scale: '6', people: '0', story: 'x'.repeat(longestText + 1) })).toEqual([
			'answers.age choose_one',
			'answers.scale choose_one',
			'answers.people too_small',
			'answers.story too_long'
		]);
		expect(codes({ troubles: 'o1', other: 'x' })).toEqual(['answers.other unknown_question']);
	});

	it('refuses operators and things of other shapes', () => {
		for (const bad of [{ $gt: '' }, { $ne: null }, [{ $gt: '' }], true, [['o1']]])
			for (const key of ['troubles', 'age', 'scale', 'people', 'story'])
				expect(codes({ troubles: 'o1', [key]: bad }).length).toBeGreaterThan(0);
		expect(codes({ troubles: 'o1' }, { phone: { $gt: '' } })).toEqual(['contact.phone type_string']);
	});

	it('asks for what is required, but takes paper as it is', () => {
		expect(codes({ age: 'o1' })).toEqual(['answers.troubles required']);
		expect(codes({ age: 'o1' }, {}, 'paper')).toEqual([]);
		expect(codes({}, {}, 'paper')).toEqual([' nothing_answered']);
	});

	it('keeps a name and number only with consent, and never drops them in silence', () => {
		expect(codes({ troubles: 'o1' }, { name: '韩阿姨', phone: '13800001111' })).toEqual(['contact.consent contact_consent']);
		expect(codes({ troubles: 'o1' }, { name: '韩阿姨', phone: '12', consent: 'on' })).toEqual(['contact.phone phone']);
		expect(read({ troubles: 'o1' }, { name: '韩阿姨', phone: '138 0000 1111', consent: 'on' }).contact).toEqual({ name: '韩阿姨', phone: '13800001111' });
	});

	it('is typed from paper by the numbers on the sheet', () => {
		const { answers, issues } = read({ troubles: '2, 1', age: '２', scale: '5', story: '停水' }, {}, 'typed');
		expect(issues).toEqual([]);
		expect(answers).toEqual({ troubles: ['o1', 'o2'], age: 'o2', scale: 5, story: '停水' });
		expect(codes({ troubles: '2 9', age: '0' }, {}, 'typed')).toEqual(['answers.troubles no_such_number', 'answers.age no_such_number']);
	});

	it('never keeps anything the questions do not know, whatever is sent', () => {
		const anything = fc.dictionary(fc.constantFrom('troubles', 'age', 'scale', 'people', 'story', 'x', '__proto__'), fc.anything({ maxDepth: 2 }));
		fc.assert(
			fc.property(anything, fc.constantFrom('sent' as const, 'paper' as const, 'typed' as const), (sent, how) => {
				const { answers } = readResponse(questions, { answers: sent, contact: {} }, how);
				for (const [key, value] of Object.entries(answers)) {
					const question = questions.find((one) => one.key === key);
					expect(question).toBeDefined();
					const known = question?.options.map((option) => option.key) ?? [];
					if (question?.type === 'single') expect(known).toContain(value);
					else if (question?.type === 'multiple') expect((value as string[]).every((one) => known.includes(one))).toBe(true);
					else if (question?.type === 'text') expect(typeof value).toBe('string');
					else expect(typeof value).toBe('number');
				}
			})
		);
	});
});

describe('a question as written', () => {
	const write = (more: Record<string, unknown>) => questionSchema.safeParse({ type: 'single', label: '问什么', options: [{ label: '甲' }, { label: '乙' }], ...more });
	const faults = (more: Record<string, unknown>) => write(more).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
	it('needs two different options, bounds that make a scale, and only asks for needs where they can be counted', () => {
		expect(write({}).success).toBe(true);
		expect(faults({ options: [{ label: '甲' }] })).toEqual(['options options_two']);
		expect(faults({ options: [{ label: '甲' }, { label: '甲' }] })).toEqual(['options options_twice']);
		expect(faults({ type: 'scale', min: 5, max: 1 })).toEqual(['max scale_bounds']);
		expect(faults({ type: 'number', min: 5, max: 1 })).toEqual(['max max_below_min']);
		expect(faults({ type: 'scale', min: 1, max: 5, asksNeeds: 'on' })).toEqual(['asksNeeds asks_no_needs']);
		expect(questionFaults(scale)).toEqual([]);
	});
});
