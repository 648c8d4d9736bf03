import { checkBudget, type BudgetRules as CheckedRules } from '#lib/domain/competitions/budget.ts';
import { checkEligibility, type EligibilityFacts, type EligibilityResult } from '#lib/domain/competitions/eligibility.ts';
import type { BudgetRules, EligibilityRules, Track } from '#lib/domain/competitions/types.ts';
import { missingAnswers } from './completeness.ts';
import type { Finding } from './findings.ts';
import type { ProposalDraft } from './types.ts';

/** The rules of a call a proposal is held against. */
export type CallRules = { tracks: readonly Track[]; budgetRules: BudgetRules; eligibility: EligibilityRules };

const severities = {
	category_cap: 'category_over_cap',
	single_purchase: 'single_purchase_over_cap',
	per_head: 'per_head_over_cap',
	self_raised: 'self_raised_too_low',
	prohibited: 'prohibited_item'
} as const;

const checkedRules = (rules: BudgetRules): CheckedRules => ({
	categories: rules.categories,
	prohibited: rules.prohibited,
	...(rules.perHeadCap === null ? {} : { perHeadCapFen: rules.perHeadCap }),
	...(rules.singlePurchaseCap === null ? {} : { singlePurchaseCapFen: rules.singlePurchaseCap }),
	...(rules.selfRaisedMinPercent === null ? {} : { selfRaisedMinPercent: rules.selfRaisedMinPercent }),
	severity: Object.fromEntries(Object.entries(rules.severity).map(([rule, severity]) => [severities[rule as keyof typeof severities], severity]))
});

// What is not filled in yet is said once, as missing, and not again as a broken budget.
const saidAsMissing = new Set(['quantity_invalid', 'unit_price_invalid', 'requested_invalid']);

/** Holds what is written against the call: what is missing, and the budget line by line. Paths as in the form. */
export const checkContent = (rules: CallRules, draft: ProposalDraft): { findings: Finding[]; total: number } => {
	const track = rules.tracks.find(({ key }) => key === draft.track);
	const missing = missingAnswers(rules.tracks, draft).map((issue): Finding => ({ ...issue, kind: 'missing', severity: 'block' }));
	const budget = checkBudget(
		draft.budget,
		draft.requested === 0 ? null : draft.requested,
		checkedRules(rules.budgetRules),
		{ capFen: track?.cap ?? null, floorFen: track?.floor ?? null }
	);
	const findings = budget.findings
		.filter(({ code, params }) => !saidAsMissing.has(code) && !(code === 'unknown_category' && params.category === ''))
		// Money the group says it raises itself explains why less is asked for than spent.
		.filter(({ code }) => code !== 'requested_below_total' || draft.requested + draft.selfRaised !== budget.totalFen)
		.map(({ path, code, severity, params }): Finding => ({ path, code: `budget_${code}`, severity, params, kind: 'budget' }));
	return { findings: [...missing, ...findings], total: budget.totalFen };
};

/** Facts about the applying group. Its charter is attested in the form, see `missingAnswers`. */
export type ApplicantRecord = Omit<EligibilityFacts, 'attestedScope'>;

/** Every rule of eligibility with its outcome and reason, met or not. `hostStation` is the default catchment. */
export const checkApplicant = (rules: EligibilityRules, hostStation: string, facts: ApplicantRecord): EligibilityResult[] =>
	checkEligibility(
		{
			minStage: rules.minStage,
			minFiling: rules.minFiling,
			hostInsteadOfFiling: rules.hostAccepted,
			categories: rules.categories.length > 0 ? rules.categories : null,
			catchment: rules.catchment.length > 0 ? rules.catchment : [hostStation],
			onePerOrganization: rules.onePerOrganization,
			noRepeatYears: rules.noRepeatWinnerYears,
			charterScope: false
		},
		{ ...facts, attestedScope: null }
	);

/** Unmet rules as findings about the whole proposal. */
export const eligibilityFindings = (results: readonly EligibilityResult[]): Finding[] =>
	results
		.filter(({ met }) => met === false)
		.map(({ reason, params }) => ({ path: '', code: `elig_${reason}`, params: namedParams(params), kind: 'eligibility', severity: 'block' }));

/** Names say what a value is, so that its word can be found: `required` is a stage in one rule and a filing in another. */
export const namedParams = (params: EligibilityResult['params']): EligibilityResult['params'] => {
	const { required, ...rest } = params;
	if (required === undefined) return params;
	return 'filing' in params ? { ...rest, minFiling: required } : { ...rest, minStage: required };
};
