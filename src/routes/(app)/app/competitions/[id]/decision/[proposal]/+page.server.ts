import { noteSchema } from '#lib/domain/objections/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { addNote, readItem, scoreText } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { score, ...item } = await forPage(readItem(signedIn(event), event.params.id, event.params.proposal));
	return { item: { ...item, scoreText: scoreText(score) } };
};

export const actions = {
	default: formAction(noteSchema, async (input, { event, actor }) => {
		await addNote(actor, event.params.id ?? '', input);
		return event.url.pathname;
	})
} satisfies Actions;
