import { questionKinds } from '#lib/domain/competitions/question-types.ts';
import type { Track } from '#lib/domain/competitions/types.ts';
import type { Issue } from '#lib/domain/shared/issues.ts';
import type { ProposalDraft } from './types.ts';

/** The parts of the form, in order, as the task list shows them. */
export const sections = ['basics', 'plan', 'budget', 'attachments'] as const;
export type Section = (typeof sections)[number];

/** The part of the form in which a finding is put right. */
export const sectionOf = (path: string): Section => {
	if (path.startsWith('answers')) return 'plan';
	if (path.startsWith('attachments')) return 'attachments';
	return /^(?:budget|requested|selfRaised)/.test(path) ? 'budget' : 'basics';
};

/** What still has to be filled in before the proposal can be submitted. Codes are `err_` words. */
export const missingAnswers = (tracks: readonly Track[], draft: ProposalDraft): Issue[] => {
	const issues: Issue[] = [];
	const need = (path: string, code = 'required', params?: Issue['params']) => issues.push({ path, code, params });
	if (draft.title === '') need('title');
	const track = tracks.find((candidate) => candidate.key === draft.track);
	if (!track) need('track', 'choose_one');
	for (const question of track?.questions ?? []) {
		const path = `answers.${question.key}`;
		const answer = draft.answers[question.key] ?? '';
		if (answer === '') {
			if (question.required) need(path);
			continue;
		}
		const fault = questionKinds[question.type].fault(question, answer);
		if (fault) need(path, fault.code, fault.params);
	}
	if (draft.budget.length === 0) need('budget', 'budget_lines_needed');
	for (const [index, line] of draft.budget.entries()) {
		if (line.category === '') need(`budget[${index}].category`, 'choose_one');
		if (line.item === '') need(`budget[${index}].item`);
		if (line.quantity === 0) need(`budget[${index}].quantity`);
		if (line.unitPrice === 0) need(`budget[${index}].unitPrice`);
	}
	if (draft.requested === 0) need('requested');
	if (!draft.withinCharter) need('withinCharter', 'charter_attest');
	return issues;
};
