import { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import { serviceEntrySchema, serviceFilterSchema } from '#lib/domain/organizations/service-log.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { chosenStation } from '#lib/server/http/chosen-station.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { countServices, listServices, recordService, serviceGroups, setServiceRemoved } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const chosen = await chosenStation(actor, event.url);
	const query = Object.fromEntries(event.url.searchParams);
	const filter = serviceFilterSchema.safeParse(query).data ?? {};
	const record = can(actor, 'serviceLog.record', { station: chosen.station });
	const [entries, totals, groups] = await Promise.all([
		forPage(listServices(actor, chosen.station, { ...filter, limit: 30, cursor: query.cursor })),
		forPage(countServices(actor, chosen.station, filter)),
		forPage(serviceGroups(actor, chosen.station))
	]);
	const removed = query.removed ?? '';
	return {
		...chosen,
		filter,
		entries: entries.items,
		next: entries.next,
		totals,
		groups,
		record,
		entry: freshId(),
		about: filter.organization ?? '',
		saved: query.saved ?? null,
		removed: /^[0-9a-f]{24}$/.test(removed) ? removed : null
	};
};

export const actions = {
	add: formAction(serviceEntrySchema.and(z.object({ entry: idSchema.optional(), station: idSchema })), async ({ entry, station, ...service }, { actor }) => {
		const { id } = await recordService(actor, station, service, entry);
		return `/app/station/log?station=${station}&saved=${id}`;
	}),
	restore: formAction(z.object({ entry: idSchema }), async ({ entry }, { actor }) => {
		await setServiceRemoved(actor, entry, false);
		return `/app/station/log/${entry}`;
	})
} satisfies Actions;
