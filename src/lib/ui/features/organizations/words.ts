import { m } from '#lib/i18n/generated/messages.js';
import { getLocale } from '#lib/i18n/generated/runtime.js';
import type { TextPair } from '#lib/domain/organizations/criteria.ts';
import type { GateName } from '#lib/domain/organizations/lifecycle.ts';
import type {
	ActivityInput,
	Category,
	CultivationMode,
	Dimension,
	Filing,
	MemberRole,
	MotionInput,
	OrganizationStatus,
	Origin
} from '#lib/domain/organizations/types.ts';
import type { StatusShape } from '#lib/ui/primitives/status/shapes.ts';
import type { Tone } from '#lib/ui/primitives/tone.ts';
import { formatDate } from '#lib/ui/format.ts';
import { dayStart } from '#lib/domain/shared/days.ts';

type Words = () => string;

/** Words that are data (criteria, levels) in the page's language. */
export const inLocale = (text: TextPair): string => text[getLocale()];

/** A calendar day in words: “2026年3月5日”. Empty stays empty. */
export const dayWords = (day: string | null): string => (day ? formatDate(dayStart(day), getLocale()) : '');

const categories: Record<Category, Words> = {
	volunteering: m.category_volunteering,
	deliberation: m.category_deliberation,
	sports: m.category_sports,
	arts: m.category_arts,
	mutual_aid: m.category_mutual_aid,
	education: m.category_education,
	environment: m.category_environment,
	other: m.category_other
};
export const categoryWords = (category: Category): string => categories[category]();
export const categoryOptions = (): { value: Category; label: string }[] =>
	(Object.keys(categories) as Category[]).map((value) => ({ value, label: categories[value]() }));

const gates: Record<GateName, Words> = {
	needs_survey: m.stage_needs_survey,
	leader_cultivation: m.stage_leader_cultivation,
	rule_making: m.stage_rule_making,
	team_building: m.stage_team_building,
	project_support: m.stage_project_support,
	graduation: m.stage_graduation
};
const shortGates: Record<GateName, Words> = {
	needs_survey: m.stage_short_needs_survey,
	leader_cultivation: m.stage_short_leader_cultivation,
	rule_making: m.stage_short_rule_making,
	team_building: m.stage_short_team_building,
	project_support: m.stage_short_project_support,
	graduation: m.stage_short_graduation
};
export const gateWords = (gate: GateName): string => gates[gate]();
export const shortGateWords = (gate: GateName): string => shortGates[gate]();

const statuses: Record<OrganizationStatus, { words: Words; tone: Tone }> = {
	applied: { words: m.org_status_applied, tone: 'info' },
	returned: { words: m.org_status_returned, tone: 'warning' },
	declined: { words: m.org_status_declined, tone: 'neutral' },
	incubating: { words: m.org_status_incubating, tone: 'growth' },
	graduated: { words: m.org_status_graduated, tone: 'growth' },
	dormant: { words: m.org_status_dormant, tone: 'neutral' },
	exited: { words: m.org_status_exited, tone: 'neutral' }
};
export const statusWords = (status: OrganizationStatus): string => statuses[status].words();
export const statusTone = (status: OrganizationStatus): Tone => statuses[status].tone;
/** Growing and grown share the colour of growth; the shape tells them apart. */
export const statusShape = (status: OrganizationStatus): StatusShape | undefined => (status === 'incubating' ? 'half' : undefined);
export const statusOptions = (): { value: string; label: string }[] =>
	(Object.keys(statuses) as OrganizationStatus[]).map((value) => ({ value, label: statuses[value].words() }));

const filings: Record<Filing, Words> = { none: m.org_filing_none, filed: m.org_filing_filed, registered: m.org_filing_registered };
export const filingWords = (filing: Filing): string => filings[filing]();
const modes: Record<CultivationMode, Words> = { station_led: m.org_mode_station_led, self_developing: m.org_mode_self_developing };
export const modeWords = (mode: CultivationMode): string => modes[mode]();
export const originWords = (origin: Origin): string => (origin === 'scouted' ? m.org_origin_scouted() : m.org_origin_applied());

const roles: Record<MemberRole, Words> = {
	leader: m.org_role_leader,
	deputy: m.org_role_deputy,
	treasurer: m.org_role_treasurer,
	secretary: m.org_role_secretary,
	core: m.org_role_core,
	member: m.org_role_member
};
export const memberRoleWords = (role: MemberRole): string => roles[role]();
export const memberRoleOptions = (): { value: MemberRole; label: string }[] =>
	(Object.keys(roles) as MemberRole[]).map((value) => ({ value, label: roles[value]() }));

const kinds: Record<ActivityInput['kind'], Words> = {
	activity: m.org_kind_activity,
	training: m.org_kind_training,
	supervision: m.org_kind_supervision
};
export const activityKindWords = (kind: ActivityInput['kind']): string => kinds[kind]();

const dimensionNames: Record<Dimension, Words> = {
	governance: m.dimension_governance,
	leadership: m.dimension_leadership,
	membership: m.dimension_membership,
	service: m.dimension_service,
	finance: m.dimension_finance,
	resources: m.dimension_resources,
	learning: m.dimension_learning
};
/** A dimension in one short word, for tables; forms use the model's own words. */
export const dimensionWords = (dimension: Dimension): string => dimensionNames[dimension]();

const motions: Record<MotionInput['kind'], Words> = {
	elect_leader: m.org_motion_elect_leader,
	elect_deputy: m.org_motion_elect_deputy,
	adopt_charter: m.org_motion_adopt_charter,
	adopt_rule: m.org_motion_adopt_rule,
	other: m.org_motion_other
};
export const motionWords = (kind: MotionInput['kind']): string => motions[kind]();
export const motionOptions = (): { value: MotionInput['kind']; label: string }[] =>
	(Object.keys(motions) as MotionInput['kind'][]).map((value) => ({ value, label: motions[value]() }));

/** A version of criteria or of the maturity model in words; 0 is what the platform brings along. */
export const versionWords = (version: number): string => (version === 0 ? m.std_version_own() : m.mat_version({ version }));

/** By when, as the end of a sentence. */
export const byWords = (due: Date): string => m.next_by({ date: formatDate(due, getLocale()) });
