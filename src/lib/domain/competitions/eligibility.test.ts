import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	checkEligibility,
	eligibilityRulesSchema,
	isEligible,
	stageOrder,
	type EligibilityFacts,
	type EligibilityRules
} from '#lib/domain/competitions/eligibility.ts';

const facts: EligibilityFacts = {
	stage: 'team_building',
	filing: 'filed',
	hasHostOrganization: false,
	category: 'volunteering',
	stationPath: ['city', 'district', 'street'],
	otherProposals: 0,
	awardYears: [],
	competitionYear: 2026,
	sanctionUntil: null,
	attestedScope: true,
	now: '2026-05-01T00:00:00Z'
};
const open = eligibilityRulesSchema.parse({});
const strict: EligibilityRules = {
	minStage: 'rule_making',
	minFiling: 'filed',
	hostInsteadOfFiling: true,
	categories: ['volunteering', 'deliberation'],
	catchment: ['district'],
	onePerOrganization: true,
	noRepeatYears: 2,
	charterScope: true
};
const reasons = (more: Partial<EligibilityFacts>, rules: Partial<EligibilityRules> = {}) =>
	checkEligibility({ ...strict, ...rules }, { ...facts, ...more })
		.filter(({ met }) => met !== true)
		.map(({ key, met, reason }) => `${key}:${met}:${reason}`);

describe('eligibility', () => {
	it('lists every rule with its reason when all are met', () => {
		const results = checkEligibility(strict, facts);
		expect(results.map(({ key, reason }) => `${key}:${reason}`)).toEqual([
			'stage:stage_reached',
			'filing:filing_sufficient',
			'category:category_allowed',
			'catchment:catchment_inside',
			'one_per_organization:no_other_proposal',
			'no_repeat:no_recent_award',
			'sanction:no_sanction',
			'charter_scope:scope_attested'
		]);
		expect(isEligible(results)).toBe(true);
	});

	it.each<[Partial<EligibilityFacts>, string[]]>([
		[{ stage: 'leader_cultivation' }, ['stage:false:stage_too_early']],
		[{ stage: null }, ['stage:false:stage_none']],
		[{ stage: 'graduated' }, []],
		[{ filing: 'none' }, ['filing:false:filing_or_host_missing']],
		[{ filing: 'none', hasHostOrganization: true }, []],
		[{ filing: 'registered' }, []],
		[{ category: 'sports' }, ['category:false:category_not_allowed']],
		[{ stationPath: ['city', 'elsewhere', 'street'] }, ['catchment:false:catchment_outside']],
		[{ otherProposals: 1 }, ['one_per_organization:false:other_proposal_exists']],
		[{ awardYears: [2024] }, ['no_repeat:false:recent_award']],
		[{ awardYears: [2023, 2019] }, []],
		[{ sanctionUntil: '2026-05-01T00:00:01Z' }, ['sanction:false:under_sanction']],
		[{ sanctionUntil: '2026-05-01T00:00:00Z' }, []],
		[{ attestedScope: null }, ['charter_scope:null:scope_open']],
		[{ attestedScope: false }, ['charter_scope:false:scope_denied']]
	])('%j', (more, expected) => {
		expect(reasons(more)).toEqual(expected);
	});

	it('takes no host where the rules want filing itself', () => {
		const rules = { hostInsteadOfFiling: false };
		expect(reasons({ filing: 'none', hasHostOrganization: true }, rules)).toEqual(['filing:false:filing_missing']);
	});

	it('says from which year an earlier winner may come back, and that year is met', () => {
		const result = checkEligibility(strict, { ...facts, awardYears: [2022, 2025] }).find(
			({ key }) => key === 'no_repeat'
		);
		expect(result?.params).toEqual({ years: 2, year: 2025, againFrom: 2028 });
		expect(reasons({ awardYears: [2022, 2025], competitionYear: 2028 })).toEqual([]);
		expect(reasons({ awardYears: [2022, 2025], competitionYear: 2027 })).toEqual(['no_repeat:false:recent_award']);
	});

	it('asks little by default, but a sanction always counts', () => {
		const results = checkEligibility(open, {
			...facts,
			stage: null,
			filing: 'none',
			category: 'x',
			stationPath: []
		});
		expect(isEligible(results)).toBe(true);
		expect(isEligible(checkEligibility(open, { ...facts, sanctionUntil: '2030-01-01T00:00:00Z' }))).toBe(false);
	});

	it('never gets worse by reaching a later stage', () => {
		const stage = fc.constantFrom(...stageOrder);
		fc.assert(
			fc.property(stage, stage, stage, (a, b, minStage) => {
				const [early, late] = stageOrder.indexOf(a) <= stageOrder.indexOf(b) ? [a, b] : [b, a];
				const met = (s: typeof a) =>
					isEligible(checkEligibility({ ...strict, minStage }, { ...facts, stage: s }));
				if (met(early)) expect(met(late)).toBe(true);
			})
		);
	});

	it('is open, not refused, while only answers are missing', () => {
		expect(isEligible(checkEligibility(strict, { ...facts, attestedScope: null }))).toBeNull();
		expect(isEligible(checkEligibility(strict, { ...facts, attestedScope: null, otherProposals: 2 }))).toBe(false);
	});
});
