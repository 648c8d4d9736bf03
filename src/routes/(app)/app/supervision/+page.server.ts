import { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { chosenStation } from '#lib/server/http/chosen-station.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listSupervisions, setSupervisionRemoved, stationCaseload } from '#lib/server/modules/organizations/index.ts';
import { stationById } from '#lib/server/modules/stations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const chosen = await chosenStation(actor, event.url);
	const { searchParams } = event.url;
	const [sessions, caseload, station] = await Promise.all([
		forPage(listSupervisions(actor, chosen.station, { limit: 30, cursor: searchParams.get('cursor') ?? undefined })),
		forPage(stationCaseload(actor, chosen.station)),
		forPage(stationById(chosen.station))
	]);
	const record = can(actor, 'supervision.record', { station: station.id, stationPath: station.path });
	const removed = searchParams.get('removed') ?? '';
	return { ...chosen, sessions: sessions.items, next: sessions.next, caseload, record, removed: /^[0-9a-f]{24}$/.test(removed) ? removed : null };
};

export const actions = {
	restore: formAction(z.object({ session: idSchema }), async ({ session }, { actor }) => {
		await setSupervisionRemoved(actor, session, false);
		return `/app/supervision/${session}`;
	})
} satisfies Actions;
