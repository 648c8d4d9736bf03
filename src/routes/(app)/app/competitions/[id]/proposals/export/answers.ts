import { tableRows } from '#lib/domain/competitions/question-types.ts';
import type { Question, Track } from '#lib/domain/competitions/types.ts';
import { budgetTotal } from '#lib/domain/proposals/total.ts';
import type { ProposalDraft } from '#lib/domain/proposals/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import type { Cell, Sheet } from '#lib/server/platform/xlsx.ts';
import { consentText } from '#lib/ui/features/proposals/consent-words.ts';

type Answered = Pick<ProposalDraft, 'title' | 'track' | 'answers' | 'budget' | 'requested' | 'selfRaised' | 'withinCharter'> & {
	number: string | null;
	organizationName: string;
	proxy: boolean;
	consent: Parameters<typeof consentText>[0];
};

/** An answer in one cell: its words, or the rows of a table, each on a line. */
const cell = ({ type, options }: Question, answer: string): string => {
	const rows = type === 'table' ? tableRows(answer, options.length) : [];
	return rows.length > 0 ? rows.map((row) => row.map((text, at) => `${options[at] ?? ''}：${text}`).join('；')).join('\n') : answer;
};

/** Tracks that ask the same questions share a table. */
const forms = (tracks: readonly Track[]): { tracks: Track[]; questions: readonly Question[] }[] => {
	const found = new Map<string, { tracks: Track[]; questions: readonly Question[] }>();
	for (const track of tracks) {
		const asked = JSON.stringify(track.questions.map(({ key, label, type, options }) => [key, label, type, options]));
		const same = found.get(asked);
		if (same) same.tracks.push(track);
		else found.set(asked, { tracks: [track], questions: track.questions });
	}
	return [...found.values()];
};

/** What the proposals say, a column for each question, a table for each form; amounts in yuan. */
export const answerSheets = (tracks: readonly Track[], proposals: readonly Answered[]): Sheet[] => {
	const money = '#,##0.00';
	const yuan = (title: string): string => `${title}（${m.common_yuan()}）`;
	const labels = new Map(tracks.map(({ key, label }) => [key, label]));
	const all = forms(tracks);
	return all.map(({ tracks: own, questions }) => ({
		// Excel takes 31 characters, and no two alike.
		name: all.length === 1 ? m.prop_export_answers() : [...`${m.prop_export_answers()} ${own.map(({ label }) => label).join(' ')}`].slice(0, 28).join('') + (all.length > 1 ? ` ${all.findIndex((form) => form.tracks === own) + 1}` : ''),
		columns: [
			...[m.prop_number(), m.prop_title(), m.prop_organization(), m.prop_track()].map((title) => ({ title })),
			...[m.prop_requested(), m.prop_self_raised(), m.prop_budget_total()].map((title) => ({ title: yuan(title), format: money })),
			{ title: m.prop_within_charter() },
			{ title: m.prop_consent_title() },
			...questions.map(({ label }) => ({ title: label }))
		],
		rows: proposals
			.filter(({ track }) => own.some(({ key }) => key === track))
			.map((proposal): Cell[] => [
				...[proposal.number, proposal.title, proposal.organizationName, labels.get(proposal.track) ?? proposal.track],
				...[proposal.requested / 100, proposal.selfRaised / 100, budgetTotal(proposal.budget) / 100],
				proposal.withinCharter ? m.prop_yes() : m.prop_no(),
				proposal.proxy ? consentText(proposal.consent) : '',
				...questions.map((question) => cell(question, proposal.answers[question.key] ?? ''))
			])
	}));
};
