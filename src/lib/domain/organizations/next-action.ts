import { attentions, stalledDays, type Attention, type AttentionFacts } from './attention.ts';
import type { Metric } from './criteria.ts';
import type { CriterionResult, GateResult } from './gates.ts';
import type { GateName } from './lifecycle.ts';
import type { OrganizationStatus } from './types.ts';

export { stalledDays } from './attention.ts';

/** Whether nothing has been recorded for so long that somebody should look. */
export const isStalled = (status: OrganizationStatus, lastEvidenceAt: Date, now: Date): boolean =>
	status === 'incubating' && now.getTime() - lastEvidenceAt.getTime() > stalledDays * 86_400_000;

/** Who can take the step: any worker of the station, its head, the mentor, the group itself, the mentor with the group. */
export type NextWho = 'station' | 'head' | 'mentor' | 'group' | 'together' | 'nobody';

/** The one next step of an organization: what is missing, who can do what, by when. */
export type NextAction = {
	/** Names the sentence. */
	code:
		| 'decide_application'
		| 'resubmit'
		| 'none'
		| 'wake'
		| 'name_mentor'
		| 'decide_gate'
		| 'propose_gate'
		| 'criterion'
		| 'attest'
		| 'waive'
		| 'assess'
		| 'supervise'
		| 'keep_going';
	/** The criterion it works on. */
	criterion: string | null;
	params: Record<string, string | number>;
	who: NextWho;
	/** By when; null when nothing presses. */
	due: Date | null;
	/** What is past its date, the longest first. */
	overdue: Attention['reason'][];
	stalled: boolean;
};

export type NextActionFacts = AttentionFacts & {
	gateName: GateName;
	gate: Pick<GateResult, 'passes'> & { criteria: readonly Criterion[] };
};
type Criterion = Pick<CriterionResult, 'key' | 'kind' | 'met' | 'figure' | 'target' | 'recordable' | 'waived'> & {
	measures: readonly { metric: Metric; recordable: boolean }[];
};

/** What the station records; everything else the group does and records itself, or together with the mentor. */
const stationsWork: ReadonlySet<Metric> = new Set([
	'survey_responses',
	'interviews',
	'needs_ranked',
	'prospective_core',
	'supervision_sessions'
]);
const groupsWork: ReadonlySet<Metric> = new Set(['group_activities', 'activities', 'accounts_published', 'group_led_share_percent']);

const whoFor = (criterion: Criterion): NextWho => {
	if (criterion.kind === 'attested') return 'mentor';
	const metric = criterion.measures.find(({ recordable }) => recordable)?.metric;
	if (metric === undefined) return 'together';
	return stationsWork.has(metric) ? 'mentor' : groupsWork.has(metric) ? 'group' : 'together';
};

/**
 * What helps this organization most right now. A waiting decision comes before new work, what is overdue before what
 * is open; of the open criteria the one nearest to its target comes first, since it is done soonest. `due` is the
 * earliest date by which somebody has to look at it.
 */
export const nextAction = (facts: NextActionFacts, now: Date): NextAction => {
	const stalled = isStalled(facts.status, facts.lastEvidenceAt, now);
	const list = attentions(facts);
	const overdue = list.filter(({ at }) => at <= now).map(({ reason }) => reason);
	const dateOf = (reason?: Attention['reason']): Date | null => (reason ? list.find((one) => one.reason === reason) : list[0])?.at ?? null;
	const act = (
		code: NextAction['code'],
		who: NextWho,
		reason?: Attention['reason'],
		criterion: string | null = null,
		params: NextAction['params'] = {}
	): NextAction => ({ code, criterion, params, who, due: dateOf(reason), overdue, stalled });
	if (facts.status === 'applied') return act('decide_application', 'station', 'application');
	if (facts.status === 'returned') return act('resubmit', 'group', 'resubmission');
	if (facts.status === 'declined' || facts.status === 'exited') return act('none', 'nobody');
	if (facts.status === 'dormant') return act('wake', 'mentor', 'wake');
	if (facts.status === 'graduated')
		return overdue.includes('assessment') ? act('assess', 'mentor', 'assessment') : act('keep_going', 'group', 'assessment');
	if (!facts.mentor) return act('name_mentor', 'head', 'mentor');
	if (facts.proposedAt) return act('decide_gate', 'head', 'gate');
	if (facts.gate.passes) return act('propose_gate', 'mentor');
	if (overdue.includes('assessment') && !stalled) return act('assess', 'mentor', 'assessment');
	if (overdue.includes('supervision') && !stalled) return act('supervise', 'mentor', 'supervision');
	const open = facts.gate.criteria.filter((criterion) => !criterion.met && !criterion.waived);
	const [first] = open.filter((criterion) => criterion.recordable).sort((a, b) => share(b) - share(a));
	if (first?.kind === 'attested') return act('attest', 'mentor', undefined, first.key, { open: open.length });
	if (first) return act('criterion', whoFor(first), undefined, first.key, { figure: shown(first.figure), target: first.target, open: open.length });
	return act('waive', 'mentor', undefined, open[0]?.key ?? null, { open: open.length });
};

const share = ({ figure, target }: { figure: number | null; target: number }): number =>
	target === 0 ? 1 : (figure ?? 0) / target;

/** A figure as people read it: whole, or one decimal, never rounded up to its target. */
const shown = (figure: number | null): number => Math.floor((figure ?? 0) * 10) / 10;
