import type { Answers, AnswerValue, Option, Question, QuestionType } from './question.ts';

/** What is wrong with a question as written: at which field, and the code of the words. */
export type QuestionFault = { path: string; code: string; params?: Record<string, string | number> };

/** An answer as it was understood, or the code of what is wrong with it. Null: not answered. */
export type ReadAnswer = { value: AnswerValue | null } | { code: string; params?: Record<string, string | number> };

type Written = Omit<Question, 'key' | 'options'> & { options: readonly { label: string }[] };

/** Everything the platform knows of a type of question; a new type is a new entry. */
type QuestionKind = {
	/** Has a list of options. */
	choices: boolean;
	/** Its answers may be counted as needs. */
	mayAskNeeds: boolean;
	/** Belongs to the person and not to the answer: kept apart, shown to few. */
	personal: boolean;
	check: (question: Written) => QuestionFault[];
	/** Reads what a form or a program sends. */
	read: (question: Question, raw: unknown) => ReadAnswer;
	/** Reads what is typed from paper: choices by their number on the sheet. */
	readTyped: (question: Question, typed: string) => ReadAnswer;
	/** The answer in the respondent's own words, for people and spreadsheets. */
	words: (question: Question, value: AnswerValue) => string;
};

/** Longest text answer, characters. */
export const longestText = 2000;
/** A scale has at most so many steps. */
const longestScale = 11;

const nothing: ReadAnswer = { value: null };
const empty = (raw: unknown): boolean => raw === undefined || raw === null || raw === '' || (Array.isArray(raw) && raw.length === 0);
const wrongChoice: ReadAnswer = { code: 'choose_one' };
const optionOf = (question: Question, key: AnswerValue | undefined): string =>
	question.options.find((option) => option.key === key)?.label ?? '';

const checkOptions = ({ options }: Written): QuestionFault[] => {
	const labels = options.map(({ label }) => label.trim());
	if (labels.length < 2) return [{ path: 'options', code: 'options_two' }];
	return new Set(labels).size < labels.length ? [{ path: 'options', code: 'options_twice' }] : [];
};

/** A whole or decimal number as people type it; full-width digits are forgiven. */
const numberOf = (raw: unknown): number | null => {
	if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
	if (typeof raw !== 'string') return null;
	const text = raw.normalize('NFKC').trim();
	return /^-?\d{1,9}(?:\.\d{1,2})?$/.test(text) ? Number(text) : null;
};

const readWithin = (question: Question, raw: unknown): ReadAnswer => {
	if (empty(raw)) return nothing;
	const value = numberOf(raw);
	if (value === null) return { code: 'number' };
	if (question.min !== null && value < question.min) return { code: 'too_small', params: { min: question.min } };
	if (question.max !== null && value > question.max) return { code: 'too_big', params: { max: question.max } };
	return { value };
};

const readScale = (question: Question, raw: unknown): ReadAnswer => {
	const read = readWithin(question, raw);
	if ('code' in read) return wrongChoice;
	return read.value === null || Number.isInteger(read.value) ? read : wrongChoice;
};

const readText = (raw: unknown): ReadAnswer => {
	if (empty(raw)) return nothing;
	if (typeof raw !== 'string') return { code: 'type_string' };
	// eslint-disable-next-line no-control-regex
	const text = raw.replaceAll('\r\n', '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '').trim();
	if (text === '') return nothing;
	return [...text].length > longestText ? { code: 'too_long', params: { max: longestText } } : { value: text };
};

const readMany = (question: Question, keys: readonly unknown[]): ReadAnswer => {
	const known = question.options.map(({ key }) => key);
	if (!keys.every((key) => typeof key === 'string' && known.includes(key))) return wrongChoice;
	// In the order of the sheet, each once: the same choices are the same answer.
	const value = known.filter((key) => keys.includes(key));
	if (question.maxChoices !== null && value.length > question.maxChoices)
		return { code: 'too_many_choices', params: { max: question.maxChoices } };
	return value.length === 0 ? nothing : { value };
};

/** The option with this number on the sheet, from 1. */
const numbered = (question: Question, typed: string): string | null =>
	question.options[/^\d{1,2}$/.test(typed) ? Number(typed) - 1 : -1]?.key ?? null;

export const questionKinds: Record<QuestionType, QuestionKind> = {
	single: {
		choices: true,
		mayAskNeeds: true,
		personal: false,
		check: checkOptions,
		read: (question, raw) =>
			empty(raw) ? nothing : typeof raw === 'string' && optionOf(question, raw) ? { value: raw } : wrongChoice,
		readTyped: (question, typed) => {
			const text = typed.normalize('NFKC').trim();
			if (text === '') return nothing;
			const key = numbered(question, text);
			return key ? { value: key } : { code: 'no_such_number', params: { max: question.options.length } };
		},
		words: (question, value) => optionOf(question, value)
	},
	multiple: {
		choices: true,
		mayAskNeeds: true,
		personal: false,
		check: (question) => [
			...checkOptions(question),
			...(question.maxChoices !== null && (!Number.isInteger(question.maxChoices) || question.maxChoices < 1)
				? [{ path: 'maxChoices', code: 'whole_number' }]
				: [])
		],
		read: (question, raw) => (empty(raw) ? nothing : readMany(question, Array.isArray(raw) ? raw : [raw])),
		readTyped: (question, typed) => {
			const parts = typed.normalize('NFKC').split(/[\s,;、.]+/).filter((part) => part !== '');
			const keys = parts.map((part) => numbered(question, part));
			return keys.includes(null) ? { code: 'no_such_number', params: { max: question.options.length } } : readMany(question, keys);
		},
		words: (question, value) =>
			(Array.isArray(value) ? value : [String(value)]).map((key) => optionOf(question, key)).filter((label) => label !== '').join('；')
	},
	scale: {
		choices: false,
		mayAskNeeds: false,
		personal: false,
		check: ({ min, max }) =>
			min === null || max === null || !Number.isInteger(min) || !Number.isInteger(max) || max <= min || max - min + 1 > longestScale
				? [{ path: 'max', code: 'scale_bounds', params: { max: longestScale } }]
				: [],
		read: readScale,
		readTyped: readScale,
		words: (_question, value) => String(value)
	},
	number: {
		choices: false,
		mayAskNeeds: false,
		personal: false,
		check: ({ min, max }) => (min !== null && max !== null && max < min ? [{ path: 'max', code: 'max_below_min' }] : []),
		read: readWithin,
		readTyped: readWithin,
		words: (question, value) => `${String(value)}${question.unit ? ` ${question.unit}` : ''}`
	},
	text: {
		choices: false,
		mayAskNeeds: true,
		personal: false,
		check: () => [],
		read: (_question, raw) => readText(raw),
		readTyped: (_question, typed) => readText(typed),
		words: (_question, value) => String(value)
	},
	contact: {
		choices: false,
		mayAskNeeds: false,
		personal: true,
		check: () => [],
		// Name and phone travel beside the answers, see `readContact`.
		read: () => nothing,
		readTyped: () => nothing,
		words: () => ''
	}
};

/** What is wrong with a question as written. */
export const questionFaults = (question: Written): QuestionFault[] => [
	...questionKinds[question.type].check(question),
	...(question.asksNeeds && !questionKinds[question.type].mayAskNeeds ? [{ path: 'asksNeeds', code: 'asks_no_needs' }] : [])
];

/** Where the words beside a choice stand among the answers; no question has such a key. */
export const otherKey = (key: string): string => `${key}-other`;

/** Whether a question's last option asks for words. */
export const asksOther = ({ type, other, options }: Pick<Question, 'type' | 'other' | 'options'>): boolean =>
	other === true && questionKinds[type].choices && options.length > 0;

/** The option that asks for words, or null. */
export const otherOption = (question: Pick<Question, 'type' | 'other' | 'options'>): Option | null =>
	asksOther(question) ? (question.options.at(-1) ?? null) : null;

/** What somebody wrote beside a choice; '' when nothing. */
export const otherWords = (question: Pick<Question, 'key'>, answers: Answers): string => {
	const words = answers[otherKey(question.key)];
	return typeof words === 'string' ? words : '';
};

/**
 * Reads the words beside a choice. Who writes and ticks nothing has ticked that option; who ticked others keeps both, as
 * far as the number of choices allows.
 */
export const readOther = (question: Question, raw: unknown, chosen: AnswerValue | null): { words: string; value: AnswerValue | null } | { code: string; params?: Record<string, string | number> } => {
	const option = otherOption(question);
	const read = option ? readText(raw) : nothing;
	if ('code' in read) return read;
	if (read.value === null || !option) return { words: '', value: chosen };
	const words = String(read.value);
	if (question.type === 'single') return { words, value: chosen ?? option.key };
	const keys = Array.isArray(chosen) ? chosen : [];
	const full = question.maxChoices !== null && keys.length >= question.maxChoices;
	return { words, value: keys.includes(option.key) || full ? keys : [...keys, option.key] };
};

/** The answer in words, with what was written beside it; what is not answered is ''. */
export const answerWords = (question: Question, answers: Answers): string => {
	const value = Object.hasOwn(answers, question.key) ? answers[question.key] : undefined;
	const chosen = value === undefined ? '' : questionKinds[question.type].words(question, value);
	const written = otherWords(question, answers);
	return written === '' ? chosen : chosen === '' ? written : `${chosen}（${written}）`;
};

/** The steps of a scale, lowest first. */
export const scaleSteps = ({ min, max }: Pick<Question, 'min' | 'max'>): number[] =>
	Array.from({ length: (max ?? 5) - (min ?? 1) + 1 }, (_, index) => (min ?? 1) + index);
