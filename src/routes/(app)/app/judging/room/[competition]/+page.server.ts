import { noteSchema } from '#lib/domain/objections/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { addNote, readRoom, scoreText } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const page = Math.max(1, Math.floor(Number(event.url.searchParams.get('page')) || 1));
	const { rows, ...room } = await forPage(readRoom(signedIn(event), event.params.competition, page - 1));
	return { ...room, page, rows: rows.map(({ score, ...row }) => ({ ...row, scoreText: scoreText(score) })) };
};

export const actions = {
	default: formAction(noteSchema, async (input, { event, actor }) => {
		await addNote(actor, event.params.competition ?? '', input);
		return `${event.url.pathname}${event.url.search}#notes-${input.proposal}`;
	})
} satisfies Actions;
