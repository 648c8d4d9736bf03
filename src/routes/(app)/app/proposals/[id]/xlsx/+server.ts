import { lineAmount } from '#lib/domain/competitions/amounts.ts';
import { budgetTotal } from '#lib/domain/proposals/total.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readProposal } from '#lib/server/modules/proposals/index.ts';
import { xlsxResponse } from '#lib/server/platform/xlsx.ts';
import type { RequestHandler } from './$types';

const money = '#,##0.00';

/** The budget of a proposal as a workbook, for whoever keeps the group's money; amounts in yuan. */
export const GET: RequestHandler = async (event) => {
	const { proposal, competition } = await forPage(readProposal(signedIn(event), event.params.id));
	const categories = new Map(competition.budgetRules.categories.map(({ key, label }) => [key, label]));
	const yuan = (title: string): string => `${title}（${m.common_yuan()}）`;
	return xlsxResponse(proposal.number ?? 'proposal', [
		{
			name: m.prop_section_budget(),
			notes: [competition.title, `${proposal.number ?? ''} ${proposal.title || m.prop_untitled()} · ${proposal.organizationName}`.trim()],
			columns: [
				{ title: m.prop_line_item() },
				{ title: m.prop_line_category() },
				{ title: m.prop_line_quantity() },
				{ title: m.prop_line_unit() },
				{ title: yuan(m.prop_line_price()), format: money },
				{ title: yuan(m.prop_line_amount()), format: money }
			],
			rows: [
				...proposal.budget.map((line) => [line.item, categories.get(line.category) ?? line.category, line.quantity, line.unit, line.unitPrice / 100, (lineAmount(line) ?? 0) / 100]),
				[m.prop_budget_total(), null, null, null, null, budgetTotal(proposal.budget) / 100],
				[m.prop_requested(), null, null, null, null, proposal.requested / 100],
				[m.prop_self_raised(), null, null, null, null, proposal.selfRaised / 100]
			]
		}
	]);
};
