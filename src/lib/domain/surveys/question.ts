import type { questionTypes } from './terms.ts';

export type QuestionType = (typeof questionTypes)[number];

export type Option = { key: string; label: string };

/**
 * One question. Its key stands for its wording: once people may have answered, a change of the wording makes a new
 * question with a new key, so that an answer is always read beside the words it was given to.
 */
export type Question = {
	key: string;
	type: QuestionType;
	label: string;
	hint: string;
	required: boolean;
	/** The choices (or short lines) given here are needs of the residents, and are ranked. */
	asksNeeds: boolean;
	options: Option[];
	/**
	 * The last option asks what is meant (“other, please say what”): its words stand beside the answer, see `otherKey`.
	 * Absent on older questions.
	 */
	other?: boolean;
	/** Of a multiple choice; null: as many as one likes. */
	maxChoices: number | null;
	/** Bounds of a scale or a number; null: none. */
	min: number | null;
	max: number | null;
	minLabel: string;
	maxLabel: string;
	unit: string;
};

/** Key of the chosen option, keys of several, a number, or text. */
export type AnswerValue = string | string[] | number;
export type Answers = Record<string, AnswerValue>;
export type Contact = { name: string; phone: string };
