/** How a question of the proposal form is answered. An answer is always text; several values stand on lines of their own. */
export const questionTypes = ['line', 'text', 'number', 'choice', 'multiple', 'date', 'table'] as const;
export type QuestionType = (typeof questionTypes)[number];

/** What the check of an answer needs of its question. */
export type Asked = { maxLength: number; min: number | null; max: number | null; options: readonly string[] };

/** What is wrong with an answer: the code of its words and what fills them. */
export type AnswerFault = { code: string; params?: Record<string, string | number> };

/** What sets a type of question apart. */
export type QuestionKind = {
	/** What the question's list of words means: the choices, or the columns of a table. */
	list: 'choices' | 'columns' | null;
	/** Whether the length of the answer is limited by the organizer. */
	limited: boolean;
	/** Whether a lowest and a highest value can be set. */
	ranged: boolean;
	/** What is wrong with an answer that is not empty; null when nothing is. */
	fault: (question: Asked, answer: string) => AnswerFault | null;
};

const tooLong = ({ maxLength }: Asked, answer: string): AnswerFault | null =>
	[...answer].length > maxLength ? { code: 'too_long', params: { max: maxLength } } : null;

const outside = ({ min, max }: Asked, value: number): AnswerFault | null => {
	if (min !== null && value < min) return { code: 'too_small', params: { min } };
	return max !== null && value > max ? { code: 'too_big', params: { max } } : null;
};

const isDay = (text: string): boolean => {
	const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

/** The registry of question types: forms, checks and the editor read everything from here. */
export const questionKinds: Record<QuestionType, QuestionKind> = {
	line: { list: null, limited: true, ranged: false, fault: tooLong },
	text: { list: null, limited: true, ranged: false, fault: tooLong },
	number: {
		list: null,
		limited: false,
		ranged: true,
		fault: (question, answer) => (/^\d{1,9}(?:\.\d{1,2})?$/.test(answer) ? outside(question, Number(answer)) : { code: 'number' })
	},
	choice: {
		list: 'choices',
		limited: false,
		ranged: false,
		fault: ({ options }, answer) => (options.includes(answer) ? null : { code: 'choose_one' })
	},
	multiple: {
		list: 'choices',
		limited: false,
		ranged: false,
		fault: ({ options }, answer) => (answer.split('\n').every((line) => options.includes(line)) ? null : { code: 'choose_one' })
	},
	date: { list: null, limited: false, ranged: false, fault: (_question, answer) => (isDay(answer) ? null : { code: 'date' }) },
	table: { list: 'columns', limited: true, ranged: false, fault: tooLong }
};

const between = ' | ';

/** Reads the rows of a table's answer; each has as many cells as there are columns. */
export const tableRows = (answer: string, columns: number): string[][] =>
	answer
		.split('\n')
		.filter((line) => line.trim() !== '')
		.map((line) => {
			// Spaces at the ends of a saved text are trimmed, and with them those of an empty first or last cell.
			const cells = line.split('|').map((cell) => cell.trim());
			return Array.from({ length: columns }, (_, at) => (at === columns - 1 ? cells.slice(at).join(between) : (cells[at] ?? '')));
		});

/** Writes rows as an answer: a line a row, cells parted by ` | `; rows without a word are left out. */
export const tableAnswer = (rows: readonly (readonly string[])[]): string =>
	rows
		.map((cells) => cells.map((cell) => cell.replace(/[\n|]+/g, ' ').trim()))
		.filter((cells) => cells.some((cell) => cell !== ''))
		.map((cells) => cells.join(between))
		.join('\n');

/** Where an answer's first words can come from: what the platform already knows of the group. */
export const answerSources = ['none', 'needs', 'team', 'place', 'people', 'team_place'] as const;
export type AnswerSource = (typeof answerSources)[number];

const sourcesByKey: Readonly<Record<string, AnswerSource>> = {
	need: 'needs',
	why: 'needs',
	team: 'team',
	who: 'team_place',
	beneficiaries: 'people',
	place: 'place'
};

/** The source of a question stored before questions named one: the platform's own forms are known by their keys. */
export const sourceByKey = (key: string): AnswerSource => sourcesByKey[key] ?? 'none';
