import { lookUpSchema } from '#lib/domain/objections/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { clientAddress } from '#lib/server/http/session-handle.ts';
import { lookUpObjection } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ setHeaders }) => {
	setHeaders({ 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex' });
	return {};
};

export const actions = {
	default: formAction(lookUpSchema, async (input, { event }) => ({ objection: await lookUpObjection(input, clientAddress(event)) }))
} satisfies Actions;
