import { lineAmount } from '#lib/domain/competitions/amounts.ts';
import { tableRows } from '#lib/domain/competitions/question-types.ts';
import type { BudgetCategory, Track } from '#lib/domain/competitions/types.ts';
import { budgetTotal } from '#lib/domain/proposals/total.ts';
import type { ProposalDraft } from '#lib/domain/proposals/types.ts';
import type { Block } from '#lib/domain/shared/document.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { getLocale } from '#lib/i18n/generated/runtime.js';
import { formatDateTime, formatMoney, formatNumber } from '#lib/ui/format.ts';
import { consentText } from './consent-words.ts';
import { statusWord } from './words.ts';

type Shown = ProposalDraft & {
	number: string | null;
	status: Parameters<typeof statusWord>[0];
	organizationName: string;
	submittedAt: Date | null;
	attachments: readonly { name: string }[];
	createdByName: string;
	proxy: boolean;
	consent: Parameters<typeof consentText>[0];
};

/** A proposal as a document, the same parts in the same order as on its page. */
export const proposalBlocks = (
	proposal: Shown,
	competition: { title: string; tracks: readonly Track[]; categories: readonly BudgetCategory[] }
): Block[] => {
	const locale = getLocale();
	const track = competition.tracks.find(({ key }) => key === proposal.track);
	const categories = new Map(competition.categories.map(({ key, label }) => [key, label]));
	const questions = track?.questions ?? competition.tracks.flatMap(({ questions: asked }) => asked).filter(({ key }) => proposal.answers[key]);
	const money = (fen: number) => formatMoney(fen, locale);
	return [
		{ kind: 'note', text: competition.title },
		{ kind: 'title', text: proposal.title || m.prop_untitled() },
		{
			kind: 'facts',
			facts: [
				[m.prop_number(), proposal.number ?? statusWord(proposal.status)],
				[m.prop_organization(), proposal.organizationName],
				...(proposal.proxy ? [[m.prop_created_by(), `${proposal.createdByName}（${m.prop_proxy()}）`] as const, [m.prop_consent_title(), consentText(proposal.consent)] as const] : []),
				...(proposal.submittedAt ? [[m.prop_submitted_at(), formatDateTime(proposal.submittedAt, locale)] as const] : []),
				[m.prop_track(), track?.label ?? m.prop_empty()],
				[m.prop_requested(), money(proposal.requested)],
				...(proposal.selfRaised > 0 ? [[m.prop_self_raised(), money(proposal.selfRaised)] as const] : []),
				[m.prop_within_charter(), proposal.withinCharter ? m.prop_yes() : m.prop_no()]
			]
		},
		...questions.flatMap(({ key, label, type, options }): Block[] => {
			const answer = proposal.answers[key] ?? '';
			const rows = type === 'table' ? tableRows(answer, options.length) : [];
			return [
				{ kind: 'heading', text: label },
				rows.length > 0 ? { kind: 'table', head: [...options], rows, numbers: [] } : { kind: 'text', text: answer || m.prop_empty() }
			];
		}),
		{ kind: 'heading', text: m.prop_section_budget() },
		{
			kind: 'table',
			head: [m.prop_line_item(), m.prop_line_category(), m.prop_line_quantity(), m.prop_line_price(), m.prop_line_amount()],
			rows: [
				...proposal.budget.map((line) => [
					line.item,
					categories.get(line.category) ?? line.category,
					`${formatNumber(line.quantity, 2)} ${line.unit}`,
					money(line.unitPrice),
					money(lineAmount(line) ?? 0)
				]),
				[m.prop_budget_total(), '', '', '', money(budgetTotal(proposal.budget))]
			],
			numbers: [2, 3, 4],
			total: true
		},
		...(proposal.attachments.length > 0
			? ([
					{ kind: 'heading', text: m.prop_section_attachments() },
					{ kind: 'text', text: proposal.attachments.map(({ name }) => name).join('\n') }
				] satisfies Block[])
			: []),
		{ kind: 'signature', labels: [m.prop_sign(), m.prop_sign_date()] }
	];
};
