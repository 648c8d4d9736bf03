import { answerSchema, committeeSchema, correctionSchema, statementSchema, voteSchema } from '#lib/domain/objections/schema.ts';
import type { FormValue } from '#lib/server/http/form-data.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import {
	answerObjection,
	conveneCommittee,
	correctAfterObjection,
	readObjection,
	recordStatement,
	voteOnObjection
} from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => ({
	objection: await forPage(readObjection(signedIn(event), event.params.id))
});

const back = (event: { params: { id?: string } }): string => `/app/objections/${event.params.id ?? ''}`;
const listed = (value: FormValue | undefined): FormValue[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

export const actions = {
	convene: formAction(
		committeeSchema,
		async (input, { event, actor }) => {
			await conveneCommittee(actor, event.params.id ?? '', input);
			return back(event);
		},
		(values) => ({ ...values, members: listed(values.members) })
	),
	statement: formAction(statementSchema, async (input, { event, actor }) => {
		await recordStatement(actor, event.params.id ?? '', input);
		return back(event);
	}),
	vote: formAction(voteSchema, async (input, { event, actor }) => {
		await voteOnObjection(actor, event.params.id ?? '', input);
		return back(event);
	}),
	answer: formAction(answerSchema, async (input, { event, actor }) => {
		await answerObjection(actor, event.params.id ?? '', input);
		return back(event);
	}),
	correct: formAction(correctionSchema, async ({ text }, { event, actor }) => {
		await correctAfterObjection(actor, event.params.id ?? '', text);
		return back(event);
	})
} satisfies Actions;
