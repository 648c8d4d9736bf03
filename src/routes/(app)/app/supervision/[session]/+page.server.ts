import { z } from 'zod';
import { supervisionSchema } from '#lib/domain/organizations/supervision.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { editSupervision, readSupervision, setFollowUpDone, setSupervisionRemoved, supervisionChoices } from '#lib/server/modules/organizations/index.ts';
import { postedSession } from '../posted-session.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const read = await forPage(readSupervision(actor, event.params.session));
	const choices = read.rights.record ? await forPage(supervisionChoices(actor, read.session.station)) : null;
	return { ...read, choices, fresh: freshId(), me: actor.id };
};

type Context = { event: { params: Partial<Record<string, string>> } };
const idOf = ({ event }: Context): string => event.params.session ?? '';

export const actions = {
	edit: formAction(
		supervisionSchema.and(z.object({ version: versionSchema })),
		async ({ version, ...session }, context) => {
			await editSupervision(context.actor, idOf(context), session, version);
			return `/app/supervision/${idOf(context)}`;
		},
		postedSession
	),
	done: formAction(z.object({ key: z.string().max(24), done: z.enum(['yes', 'no']) }), async ({ key, done }, context) => {
		await setFollowUpDone(context.actor, idOf(context), key, done === 'yes');
		return `/app/supervision/${idOf(context)}#follow-ups`;
	}),
	remove: formAction(z.object({}), async (_input, context) => {
		await setSupervisionRemoved(context.actor, idOf(context), true);
		return `/app/supervision?removed=${idOf(context)}`;
	})
} satisfies Actions;
