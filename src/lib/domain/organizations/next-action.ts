import type { GateResult } from './gates.ts';
import type { GateName } from './lifecycle.ts';
import type { OrganizationStatus } from './types.ts';

/** Days without anything recorded after which an organization counts as stalled. */
export const stalledDays = 90;

/** Whether nothing has been recorded for so long that somebody should look. */
export const isStalled = (status: OrganizationStatus, lastEvidenceAt: Date, now: Date): boolean =>
	status === 'incubating' && now.getTime() - lastEvidenceAt.getTime() > stalledDays * 86_400_000;

/** The one next step of an organization: a code for the words, what fills them, and the criterion it works on. */
export type NextAction = {
	code:
		| 'decide_application'
		| 'resubmit'
		| 'none'
		| 'wake'
		| 'name_mentor'
		| 'decide_gate'
		| 'propose_gate'
		| 'criterion'
		| 'waive'
		| 'assess'
		| 'keep_going';
	criterion: string | null;
	params: Record<string, string | number>;
	stalled: boolean;
};

export type NextActionFacts = {
	status: OrganizationStatus;
	gateName: GateName;
	mentor: string | null;
	proposed: boolean;
	gate: GateResult;
	lastEvidenceAt: Date;
	assessmentDueAt: Date;
};

/**
 * What helps this organization most right now. A waiting decision comes before new work; of the criteria still open,
 * the one nearest to its target comes first, since it is done soonest.
 */
export const nextAction = (facts: NextActionFacts, now: Date): NextAction => {
	const stalled = isStalled(facts.status, facts.lastEvidenceAt, now);
	const act = (code: NextAction['code'], criterion: string | null = null, params: NextAction['params'] = {}): NextAction => ({
		code,
		criterion,
		params,
		stalled
	});
	if (facts.status === 'applied') return act('decide_application');
	if (facts.status === 'returned') return act('resubmit');
	if (facts.status === 'declined' || facts.status === 'exited') return act('none');
	if (facts.status === 'dormant') return act('wake');
	if (facts.status === 'graduated') return facts.assessmentDueAt <= now ? act('assess') : act('keep_going');
	if (!facts.mentor) return act('name_mentor');
	if (facts.proposed) return act('decide_gate');
	if (facts.gate.passes) return act('propose_gate');
	const open = facts.gate.criteria.filter((criterion) => !criterion.met && !criterion.waived);
	const doable = open
		.filter((criterion) => criterion.recordable)
		.sort((a, b) => share(b) - share(a));
	const first = doable[0];
	if (first) return act('criterion', first.key, { figure: shown(first.figure), target: first.target, open: open.length });
	return act('waive', open[0]?.key ?? null, { open: open.length });
};

const share = ({ figure, target }: { figure: number | null; target: number }): number =>
	target === 0 ? 1 : (figure ?? 0) / target;

/** A figure as people read it: whole, or one decimal, never rounded up to its target. */
const shown = (figure: number | null): number => Math.floor((figure ?? 0) * 10) / 10;
