import { error } from '@sveltejs/kit';
import { calendarAddSchema, calendarRemoveSchema, daysOfPeriod } from '#lib/domain/stations/calendar.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { calendarsOf, editCalendar, readCalendar } from '#lib/server/modules/stations/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const owners = await calendarsOf(actor);
	const [first] = owners;
	if (!first) error(403, wordsFor('forbidden'));
	const of = event.url.searchParams.get('of') ?? first.of;
	const calendar = await forPage(readCalendar(actor, of));
	const year = dayOf(now()).slice(0, 4);
	const known = new Set(calendar.days.map(({ day }) => day.slice(0, 4)));
	return {
		owners,
		calendar: { ...calendar, days: calendar.days.filter(({ day }) => day >= `${year}-01-01`) },
		// Holidays of a year are announced in the autumn before; a notice over New Year needs them.
		missing: [year, String(Number(year) + 1)].filter((one) => !known.has(one))
	};
};

export const actions = {
	add: formAction(calendarAddSchema, async ({ of, version, ...period }, { actor }) => {
		await editCalendar(actor, of, { add: daysOfPeriod(period) }, version);
		return `/app/calendar?of=${of}`;
	}),
	remove: formAction(calendarRemoveSchema, async ({ of, version, day }, { actor }) => {
		await editCalendar(actor, of, { remove: day }, version);
		return `/app/calendar?of=${of}`;
	})
} satisfies Actions;
