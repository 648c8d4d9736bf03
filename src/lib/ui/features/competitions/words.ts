import type { CompetitionState, Round, ScoringRule } from '#lib/domain/competitions/types.ts';
import type { Category, Filing, Stage } from '#lib/domain/organizations/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import type { StatusShape } from '#lib/ui/primitives/status/index.ts';
import type { Tone } from '#lib/ui/primitives/tone.ts';

const states: Record<CompetitionState, () => string> = {
	draft: m.compstate_draft,
	announced: m.compstate_announced,
	open: m.compstate_open,
	screening: m.compstate_screening,
	judging: m.compstate_judging,
	deliberation: m.compstate_deliberation,
	notice: m.compstate_notice,
	decided: m.compstate_decided,
	executing: m.compstate_executing,
	closed: m.compstate_closed,
	cancelled: m.compstate_cancelled
};

/** The state of a competition in words. */
export const stateWord = (state: CompetitionState): string => states[state]();

/** Its colour and shape. */
export const stateLook = (state: CompetitionState): { tone: Tone; shape?: StatusShape } => {
	if (state === 'open') return { tone: 'growth', shape: 'dot' };
	if (state === 'draft' || state === 'closed') return { tone: 'neutral' };
	if (state === 'cancelled') return { tone: 'danger' };
	if (state === 'announced') return { tone: 'info', shape: 'clock' };
	if (state === 'notice') return { tone: 'info', shape: 'flag' };
	if (state === 'decided' || state === 'executing') return { tone: 'growth', shape: 'check' };
	return { tone: 'info' };
};

const kinds: Record<Round['kind'], () => string> = {
	document: m.comp_round_document,
	pitch: m.comp_round_pitch,
	public_jury: m.comp_round_public_jury
};
export const roundKindWord = (kind: Round['kind']): string => kinds[kind]();

const rules: Record<ScoringRule, () => string> = { mean: m.comp_rule_mean, trimmed: m.comp_rule_trimmed, calibrated: m.comp_rule_calibrated };
/** How scores become one number, in words; a rule added later shows its code until it has words. */
export const scoringRuleWord = (rule: string): string => (rule in rules ? rules[rule as ScoringRule]() : rule);

const stageWords: Record<Stage, () => string> = {
	needs_survey: m.term_stage_needs_survey,
	leader_cultivation: m.term_stage_leader_cultivation,
	rule_making: m.term_stage_rule_making,
	team_building: m.term_stage_team_building,
	project_support: m.term_stage_project_support
};
export const stageWord = (stage: Stage): string => stageWords[stage]();

const filingWords: Record<Filing, () => string> = {
	none: m.term_filing_none,
	filed: m.term_filing_filed,
	registered: m.term_filing_registered
};
export const filingWord = (filing: Filing): string => filingWords[filing]();

const categoryWords: Record<Category, () => string> = {
	volunteering: m.term_category_volunteering,
	deliberation: m.term_category_deliberation,
	sports: m.term_category_sports,
	arts: m.term_category_arts,
	mutual_aid: m.term_category_mutual_aid,
	education: m.term_category_education,
	environment: m.term_category_environment,
	other: m.term_category_other
};
export const categoryWord = (category: Category): string => categoryWords[category]();

/** What a round is and how it counts, in one line; its kind is left out where its name says it already. */
export const roundLine = ({ label, kind, weight, reviews, rule }: Pick<Round, 'label' | 'kind' | 'weight' | 'reviews' | 'rule'>): string => {
	const terms = { weight, reviews, rule: scoringRuleWord(rule) };
	return roundKindWord(kind) === label ? m.comp_round_terms(terms) : m.comp_round_line({ kind: roundKindWord(kind), ...terms });
};
