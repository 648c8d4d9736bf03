import {
	applicationDecisionSchema,
	attestationSchema,
	gateDecisionSchema,
	mentorsSchema,
	statusChangeSchema
} from '#lib/domain/organizations/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import {
	assignMentors,
	attestCriterion,
	changeStatus,
	decideApplication,
	decideGate,
	organizationOverview
} from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => forPage(organizationOverview(signedIn(event), event.params.id));

type Context = { event: { params: Partial<Record<string, string>> } };
const idOf = ({ event }: Context): string => event.params.id ?? '';
/** One choice posts `meeting:<id>`; the command takes a list of records. */
const evidenceOf = (value: unknown): { kind: string; id: string }[] => {
	const [kind = '', id = ''] = typeof value === 'string' ? value.split(':') : [];
	return id ? [{ kind, id }] : [];
};

export const actions = {
	application: formAction(applicationDecisionSchema, async (decision, context) => {
		await decideApplication(context.actor, idOf(context), decision);
		return { done: true };
	}),
	gate: formAction(gateDecisionSchema, async (decision, context) => {
		const { status } = await decideGate(context.actor, idOf(context), decision);
		return { done: decision.action === 'approve' && status === 'graduated' ? 'graduated' : decision.action } as const;
	}),
	attest: formAction(
		attestationSchema,
		async (attestation, context) => {
			await attestCriterion(context.actor, idOf(context), attestation);
			return { done: 'attest' } as const;
		},
		(values) => ({ ...values, evidence: evidenceOf(values.evidence) })
	),
	mentors: formAction(mentorsSchema, async (mentors, context) => {
		await assignMentors(context.actor, idOf(context), mentors);
		return { done: true };
	}),
	status: formAction(statusChangeSchema, async (change, context) => {
		await changeStatus(context.actor, idOf(context), change);
		return { done: true };
	})
} satisfies Actions;
