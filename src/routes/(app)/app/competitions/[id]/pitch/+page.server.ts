import { z } from 'zod';
import { pitchActSchema, pitchDrawSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { conductPitch, drawPitch, linkScreen, pitchConsole } from '#lib/server/modules/judging/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import { qrPath } from '#lib/ui/primitives/qr-code/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const competition = await forPage(readCompetition(actor, id));
	const round = competition.rounds.find(({ kind }) => kind === 'pitch');
	const hasPitch = round !== undefined;
	const live = hasPitch ? await forPage(pitchConsole(actor, id)) : null;
	const items = live?.now.items ?? [];
	// Where only the hall votes nobody is dealt scorecards.
	const onlyHall = round !== undefined && round.groups.length > 0 && round.groups.every(({ by }) => by === 'codes');
	return {
		competition: { id, title: competition.title, state: competition.state },
		hasPitch,
		round: round ? { key: round.key, label: round.label } : null,
		undealt: !onlyHall && items.length > 0 && items.every(({ of }) => of === 0),
		console: live?.now ?? null,
		at: now().toISOString()
	};
};

export const actions = {
	draw: formAction(pitchDrawSchema, async (input, { event, actor }) => {
		await drawPitch(actor, event.params.id ?? '', input);
		return event.url.pathname;
	}),
	act: formAction(pitchActSchema, async (input, { event, actor }) => {
		await conductPitch(actor, event.params.id ?? '', input);
		return event.url.pathname;
	}, (values) => ({ ...values, proposal: values.proposal || undefined })),
	screen: formAction(z.object({}), async (_input, { event, actor }) => {
		const { secret } = await linkScreen(actor, event.params.id ?? '');
		const link = new URL(`/screen/${secret}`, event.url.origin).href;
		return { screen: { link, qr: qrPath(link) } };
	})
} satisfies Actions;
