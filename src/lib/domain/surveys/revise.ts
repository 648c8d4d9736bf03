import type { Option, Question, QuestionInput } from './types.ts';

/**
 * A survey's questions through time: those asked now, those asked once (kept, because people answered them), and the
 * list of keys of each printed or published form.
 */
export type SurveyForm = {
	questions: Question[];
	retired: Question[];
	forms: { revision: number; keys: string[] }[];
};

/** Nobody needs more forms of one survey than this; a fault in a program might. */
export const mostForms = 300;

const numberIn = (key: string, letter: string): number => Number(new RegExp(`^${letter}(\\d{1,6})$`).exec(key)?.[1] ?? 0);
const fresh = (taken: ReadonlySet<string>, letter: string): string =>
	`${letter}${1 + Math.max(0, ...[...taken].map((key) => numberIn(key, letter)))}`;

/** Options keep their key as long as their words stay. */
const keyedOptions = (input: QuestionInput, before: readonly Option[]): Option[] => {
	const taken = new Set([...before.map(({ key }) => key), ...input.options.map(({ key }) => key)].filter((key) => key !== ''));
	const used = new Set<string>();
	return input.options.map(({ key: wanted, label }) => {
		const old = before.find((option) => option.label === label)?.key ?? (before.some((option) => option.key === wanted) ? '' : wanted);
		const key = old !== '' && !used.has(old) ? old : fresh(taken, 'o');
		taken.add(key);
		used.add(key);
		return { key, label };
	});
};

/** What an answer was given to: a change of any of it is another question. */
const wording = ({ type, label, options, maxChoices, min, max, minLabel, maxLabel, unit }: Question): string =>
	JSON.stringify([type, label, options.map((option) => option.label).sort(), maxChoices, min, max, minLabel, maxLabel, unit]);

const built = (input: QuestionInput, key: string, before: readonly Option[]): Question => {
	const choices = input.type === 'single' || input.type === 'multiple';
	const bounded = input.type === 'scale' || input.type === 'number';
	return {
		key,
		type: input.type,
		label: input.label,
		hint: input.hint,
		required: input.required,
		asksNeeds: input.asksNeeds,
		options: choices ? keyedOptions(input, before) : [],
		...(choices && input.other ? { other: true } : {}),
		maxChoices: input.type === 'multiple' ? input.maxChoices : null,
		min: bounded ? input.min : null,
		max: bounded ? input.max : null,
		minLabel: input.type === 'scale' ? input.minLabel : '',
		maxLabel: input.type === 'scale' ? input.maxLabel : '',
		unit: input.type === 'number' ? input.unit : ''
	};
};

/**
 * The form after an edit. While it is a draft, questions simply change. Once it has been out (`frozen`), a changed
 * wording makes a new question and the old one is retired with its answers; order, hint, being required and asking
 * for needs may change in place.
 */
export const revise = (form: SurveyForm, next: readonly QuestionInput[], frozen: boolean): SurveyForm => {
	const taken = new Set([...form.questions, ...form.retired].map(({ key }) => key));
	const used = new Set<string>();
	const questions = next.map((input): Question => {
		const before = used.has(input.key) ? undefined : form.questions.find(({ key }) => key === input.key);
		if (before) {
			const changed = built(input, before.key, before.options);
			if (!frozen || wording(changed) === wording(before)) {
				used.add(before.key);
				return changed;
			}
		}
		const key = input.key !== '' && !taken.has(input.key) ? input.key : fresh(taken, 'q');
		taken.add(key);
		used.add(key);
		return built(input, key, before?.options ?? []);
	});
	const present = new Set(questions.map(({ key }) => key));
	const retired = frozen ? [...form.retired, ...form.questions.filter(({ key }) => !present.has(key))] : form.retired;
	const keys = questions.map(({ key }) => key);
	const last = form.forms.at(-1) ?? { revision: 0, keys: [] };
	const same = last.keys.join() === keys.join();
	const forms = same ? form.forms : frozen ? [...form.forms, { revision: last.revision + 1, keys }] : [{ revision: 0, keys }];
	return { questions, retired, forms };
};

/** The form that is out now. */
export const presentRevision = (form: Pick<SurveyForm, 'forms'>): number => form.forms.at(-1)?.revision ?? 0;

/** The questions of a form somebody still has open or on paper; an unknown one is the present form. */
export const questionsOf = (form: SurveyForm, revision: number): Question[] => {
	const keys = form.forms.find((one) => one.revision === revision)?.keys;
	if (!keys) return form.questions;
	const all = new Map([...form.retired, ...form.questions].map((question) => [question.key, question]));
	return keys.flatMap((key) => all.get(key) ?? []);
};

/** Moves one question a place up (-1) or down (+1). */
export const moved = <Item extends { key: string }>(items: readonly Item[], key: string, by: -1 | 1): Item[] => {
	const from = items.findIndex((item) => item.key === key);
	const to = from + by;
	const list = [...items];
	const item = list[from];
	const other = list[to];
	if (!item || !other) return list;
	list[from] = other;
	list[to] = item;
	return list;
};
