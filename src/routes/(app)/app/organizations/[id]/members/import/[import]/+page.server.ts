import { z } from 'zod';
import { rosterMappingSchema } from '#lib/domain/organizations/roster-import.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { applyRosterImport, mapRoster, organizationFrame, readRosterImport, undoRosterImport } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const [frame, table] = await Promise.all([
		forPage(organizationFrame(actor, event.params.id)),
		forPage(readRosterImport(actor, event.params.id, event.params.import))
	]);
	const badRows = table.badRows.map(({ row, issues }) => ({
		row,
		issues: issues.map(({ field, code, value, params }) => ({ field, value, words: wordsFor(code, params) }))
	}));
	return { ...frame, table: { ...table, badRows } };
};

type Context = { event: { params: Partial<Record<string, string>> } };
const place = ({ event }: Context): [string, string] => [event.params.id ?? '', event.params.import ?? ''];
const pageOf = (context: Context): string => `/app/organizations/${place(context)[0]}/members/import/${place(context)[1]}`;

export const actions = {
	map: formAction(rosterMappingSchema, async (input, context) => {
		await mapRoster(context.actor, ...place(context), input);
		return `${pageOf(context)}#preview`;
	}),
	apply: formAction(z.object({}), async (_input, context) => {
		await applyRosterImport(context.actor, ...place(context));
		return pageOf(context);
	}),
	undo: formAction(z.object({}), async (_input, context) => {
		await undoRosterImport(context.actor, ...place(context));
		return pageOf(context);
	})
} satisfies Actions;
