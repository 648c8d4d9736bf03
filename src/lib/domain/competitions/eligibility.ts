import { z } from 'zod';

/** Who may apply, decided from plain facts, each rule with its reason, live while the form is being filled in. */

/** Incubation stages in order; `graduated` comes after the last. */
export const stageOrder = [
	'needs_survey',
	'leader_cultivation',
	'rule_making',
	'team_building',
	'project_support',
	'graduated'
] as const;
export type StageReached = (typeof stageOrder)[number];

const filingOrder = ['none', 'filed', 'registered'] as const;
export type Filing = (typeof filingOrder)[number];

export const eligibilityRulesSchema = z.object({
	/** Earliest stage that may apply; null: any. */
	minStage: z.enum(stageOrder).nullable().default(null),
	/** Least filing status. */
	minFiling: z.enum(filingOrder).default('none'),
	/** A host organization stands in for missing filing. */
	hostInsteadOfFiling: z.boolean().default(true),
	/** Allowed categories; null: all. */
	categories: z.array(z.string()).min(1).nullable().default(null),
	/** Stations whose catchment may apply, with everything below them; null: everywhere. */
	catchment: z.array(z.string()).min(1).nullable().default(null),
	onePerOrganization: z.boolean().default(true),
	/** An organization that won in the competition's year or the N years before may not win again; null: no such rule. */
	noRepeatYears: z.int().min(0).max(20).nullable().default(null),
	/** The applicant must attest that the project is within the organization's charter. */
	charterScope: z.boolean().default(true)
});
export type EligibilityRules = z.infer<typeof eligibilityRulesSchema>;

export interface EligibilityFacts {
	/** Stage the organization is in; null: not incubated here. */
	stage: StageReached | null;
	filing: Filing;
	hasHostOrganization: boolean;
	category: string;
	/** Station ids from the city down to the organization's own. */
	stationPath: readonly string[];
	/** The organization's other proposals in this competition that are not withdrawn. */
	otherProposals: number;
	/** Years of earlier awards. */
	awardYears: readonly number[];
	competitionYear: number;
	/** End of a sanction for breach, ISO 8601; null: none. */
	sanctionUntil: string | null;
	/** Whether the applicant attested the charter's scope; null: not answered yet. */
	attestedScope: boolean | null;
	/** ISO 8601. */
	now: string;
}

export const eligibilityKeys = [
	'stage',
	'filing',
	'category',
	'catchment',
	'one_per_organization',
	'no_repeat',
	'sanction',
	'charter_scope'
] as const;
export type EligibilityKey = (typeof eligibilityKeys)[number];

export interface EligibilityResult {
	key: EligibilityKey;
	/** null: cannot be told yet. */
	met: boolean | null;
	/** Message code: why it is met, not met or open. */
	reason: string;
	params: Record<string, string | number>;
}

/** Evaluates the rules that are switched on (a sanction always counts), in a fixed order. */
export function checkEligibility(rules: EligibilityRules, facts: EligibilityFacts): EligibilityResult[] {
	const results: EligibilityResult[] = [];
	const add = (key: EligibilityKey, met: boolean | null, reason: string, params: EligibilityResult['params'] = {}) =>
		results.push({ key, met, reason, params });

	if (rules.minStage !== null) {
		const required = rules.minStage;
		if (facts.stage === null) add('stage', false, 'stage_none', { required });
		else {
			const met = stageOrder.indexOf(facts.stage) >= stageOrder.indexOf(required);
			add('stage', met, met ? 'stage_reached' : 'stage_too_early', { stage: facts.stage, required });
		}
	}
	if (rules.minFiling !== 'none') {
		const params = { filing: facts.filing, required: rules.minFiling };
		const filed = filingOrder.indexOf(facts.filing) >= filingOrder.indexOf(rules.minFiling);
		if (filed) add('filing', true, 'filing_sufficient', params);
		else if (rules.hostInsteadOfFiling && facts.hasHostOrganization) add('filing', true, 'filing_by_host', params);
		else add('filing', false, rules.hostInsteadOfFiling ? 'filing_or_host_missing' : 'filing_missing', params);
	}
	if (rules.categories !== null) {
		const met = rules.categories.includes(facts.category);
		add('category', met, met ? 'category_allowed' : 'category_not_allowed', {
			category: facts.category,
			allowed: rules.categories.join(',')
		});
	}
	if (rules.catchment !== null) {
		const met = facts.stationPath.some((station) => rules.catchment?.includes(station));
		add('catchment', met, met ? 'catchment_inside' : 'catchment_outside', { allowed: rules.catchment.join(',') });
	}
	if (rules.onePerOrganization) {
		const met = facts.otherProposals === 0;
		add('one_per_organization', met, met ? 'no_other_proposal' : 'other_proposal_exists', {
			count: facts.otherProposals
		});
	}
	if (rules.noRepeatYears !== null) {
		const years = rules.noRepeatYears;
		const recent = facts.awardYears.filter(
			(year) => year <= facts.competitionYear && facts.competitionYear - year <= years
		);
		if (recent.length === 0) add('no_repeat', true, 'no_recent_award', { years });
		else {
			const year = Math.max(...recent);
			add('no_repeat', false, 'recent_award', { years, year, againFrom: year + years + 1 });
		}
	}
	const sanctioned = facts.sanctionUntil !== null && Date.parse(facts.sanctionUntil) > Date.parse(facts.now);
	if (facts.sanctionUntil !== null && sanctioned)
		add('sanction', false, 'under_sanction', { until: facts.sanctionUntil });
	else add('sanction', true, 'no_sanction');
	if (rules.charterScope) {
		const reasons = { true: 'scope_attested', false: 'scope_denied', null: 'scope_open' } as const;
		add('charter_scope', facts.attestedScope, reasons[`${facts.attestedScope}`]);
	}
	return results;
}

/** true when every rule is met, false when one is not, null when some cannot be told yet. */
export function isEligible(results: readonly EligibilityResult[]): boolean | null {
	if (results.some(({ met }) => met === false)) return false;
	return results.every(({ met }) => met === true) ? true : null;
}
