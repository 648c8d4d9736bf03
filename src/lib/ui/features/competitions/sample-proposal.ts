import { lineAmount } from '#lib/domain/competitions/amounts.ts';
import type { CompetitionSettings, Question } from '#lib/domain/competitions/types.ts';
import { shownAnswer } from '#lib/ui/features/judging/shown-answer.ts';
import { m } from '#lib/i18n/generated/messages.js';

/** An answer to look at: the organizer's own example, else something of the right kind. */
const sampleAnswer = (question: Question): string => {
	if (question.example !== '') return question.example;
	const first = question.options[0] ?? '';
	if (question.type === 'choice') return first;
	if (question.type === 'multiple') return question.options.slice(0, 2).join('\n');
	if (question.type === 'number') return String(question.min ?? 12);
	if (question.type === 'date') return '2026-05-16';
	if (question.type === 'table') return question.options.map((column) => m.preview_sample_cell({ column })).join(' | ');
	return m.preview_sample_text({ question: question.label });
};

/** A made-up proposal to the form of a call, for showing a scorecard before there is any. Money in fen. */
export const sampleProposal = ({ tracks, budgetRules }: Pick<CompetitionSettings, 'tracks' | 'budgetRules'>, number: string) => {
	const track = tracks[0];
	const [category] = budgetRules.categories;
	const budget = [
		{ category: category?.label ?? '', item: m.preview_sample_item_one(), unit: m.preview_sample_unit(), quantity: 20, unitPrice: 5000 },
		{ category: category?.label ?? '', item: m.preview_sample_item_two(), unit: m.preview_sample_unit(), quantity: 10, unitPrice: 4000 }
	].map((line) => ({ ...line, amount: lineAmount(line) ?? 0 }));
	return {
		number,
		title: m.preview_sample_title(),
		organizationName: m.preview_sample_group(),
		requested: budget.reduce((sum, { amount }) => sum + amount, 0),
		selfRaised: 0,
		answers: (track?.questions ?? []).map((question) => shownAnswer(question, sampleAnswer(question))),
		budget,
		attachments: []
	};
};
