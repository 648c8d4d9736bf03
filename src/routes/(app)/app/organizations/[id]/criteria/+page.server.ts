import { moveCriteriaSchema } from '#lib/domain/organizations/gate-editing.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { criteriaMove, moveToCriteria, organizationFrame } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, move] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(criteriaMove(actor, event.params.id))
	]);
	return { ...frame, move };
};

export const actions = {
	default: formAction(moveCriteriaSchema, async (input, { actor, event }) => {
		await moveToCriteria(actor, event.params.id ?? '', input);
		return { done: true };
	})
} satisfies Actions;
