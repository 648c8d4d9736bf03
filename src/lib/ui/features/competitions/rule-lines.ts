import type { BudgetRules, EligibilityRules } from '#lib/domain/competitions/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { formatMoney } from '#lib/ui/format.ts';
import { categoryWord, filingWord, stageWord } from './words.ts';

/**
 * Who may apply, a sentence a rule.
 * @param places - names of the stations in whose area groups may apply
 */
export const eligibilityLines = (rules: EligibilityRules, places: readonly string[]): string[] => {
	const lines: string[] = [];
	const comma = m.prop_list_comma();
	if (places.length > 0) lines.push(m.comp_who_places({ places: places.join(comma) }));
	if (rules.minStage) lines.push(m.comp_who_stage({ stage: stageWord(rules.minStage) }));
	if (rules.minFiling !== 'none')
		lines.push((rules.hostAccepted ? m.comp_who_filing_or_host : m.comp_who_filing)({ filing: filingWord(rules.minFiling) }));
	if (rules.categories.length > 0) lines.push(m.comp_who_categories({ categories: rules.categories.map(categoryWord).join(comma) }));
	if (rules.onePerOrganization) lines.push(m.comp_who_one());
	if (rules.noRepeatWinnerYears) lines.push(m.comp_who_no_repeat({ n: rules.noRepeatWinnerYears }));
	return lines;
};

/** The rules of the budget beside the caps by category, a sentence a rule. */
export const budgetLines = (rules: BudgetRules, language: 'zh-CN' | 'en'): string[] => {
	const lines: string[] = [];
	const amount = (fen: number) => formatMoney(fen, language);
	if (rules.singlePurchaseCap !== null) lines.push(m.comp_budget_single({ amount: amount(rules.singlePurchaseCap) }));
	if (rules.perHeadCap !== null) lines.push(m.comp_budget_head({ amount: amount(rules.perHeadCap) }));
	if (rules.selfRaisedMinPercent !== null) lines.push(m.comp_budget_self({ percent: rules.selfRaisedMinPercent }));
	for (const { label, words } of rules.prohibited)
		lines.push(m.comp_budget_prohibited({ label, words: words.slice(0, 6).join(m.prop_list_comma()) }));
	return lines;
};
