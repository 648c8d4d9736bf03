import { z } from 'zod';
import { handOverSchema } from '#lib/domain/organizations/handover.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { handOver, handoverChoice, listHandovers, undoHandover } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

const count = (text: string | null): number => Math.max(0, Math.floor(Number(text)) || 0);

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const choice = await stationChoice(actor, event.url);
	const asked = idSchema.safeParse(event.url.searchParams.get('from') ?? '');
	const from = asked.success ? asked.data : null;
	const [things, list] = await Promise.all([
		forPage(handoverChoice(actor, choice.chosen, from)),
		forPage(listHandovers(actor, choice.chosen))
	]);
	const { searchParams } = event.url;
	return {
		...choice,
		from,
		things,
		list,
		entry: freshId(),
		done: searchParams.has('moved') ? count(searchParams.get('moved')) : null,
		undone: searchParams.has('back') ? { moved: count(searchParams.get('back')), left: count(searchParams.get('left')) } : null
	};
};

const stationOf = (url: URL): string => url.searchParams.get('station') ?? '';
const formSchema = handOverSchema.and(z.object({ entry: idSchema.optional() }));

export const actions = {
	/** Shows what would be done; the same form with its choices comes back as something to confirm. */
	review: formAction(formSchema, (input) => Promise.resolve({ review: input })),
	confirm: formAction(formSchema, async ({ entry, ...input }, { actor, event }) => {
		const { moved } = await handOver(actor, stationOf(event.url), input, entry);
		return `/app/station/handover?station=${stationOf(event.url)}&moved=${moved}`;
	}),
	undo: formAction(z.object({ id: idSchema }), async ({ id }, { actor, event }) => {
		const { moved, left } = await undoHandover(actor, stationOf(event.url), id);
		return `/app/station/handover?station=${stationOf(event.url)}&back=${moved}&left=${left}`;
	})
} satisfies Actions;
