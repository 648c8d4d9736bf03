import { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Answers, Contact, Question, ResponseFlag, ResponseSource } from '#lib/domain/surveys/types.ts';
import { packCursor, pageSchema, toId, unpackTimeCursor, type Page } from '#lib/server/platform/db/index.ts';
import { surveyFor } from '../access.ts';
import { Response, type ResponseDocument } from '../model.ts';
import { surveyRights } from '../view.ts';

/** Conditions of a list of answers: words in the free text, only flagged ones, only those left out. */
export const responseListSchema = pageSchema.extend({
	q: z.string().trim().max(60).optional(),
	show: z.enum(['all', 'flagged', 'left_out']).default('all')
});
export type ResponseListInput = z.infer<typeof responseListSchema>;

export type ResponseView = {
	id: string;
	at: Date;
	source: ResponseSource;
	enteredBy: string | null;
	revision: number;
	answers: Answers;
	/** Null also for those who may not see it; `hasContact` tells the two apart. */
	contact: Contact | null;
	hasContact: boolean;
	flags: ResponseFlag[];
	cleared: string | null;
	leftOut: { by: string; at: Date; reason: string } | null;
};

const view = (response: ResponseDocument, contacts: boolean): ResponseView => ({
	id: response._id.toHexString(),
	at: response.at,
	source: response.source,
	enteredBy: response.enteredBy?.name ?? null,
	revision: response.revision,
	answers: response.answers,
	contact: contacts ? response.contact : null,
	hasContact: response.contact !== null,
	flags: response.flags,
	cleared: response.cleared?.name ?? null,
	leftOut: response.leftOut && { by: response.leftOut.by.name, at: response.leftOut.at, reason: response.leftOut.reason }
});

const escaped = (text: string): string => text.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const shown = { all: {}, flagged: { 'flags.0': { $exists: true }, cleared: null, leftOut: null }, left_out: { leftOut: { $ne: null } } } as const;

/** Answers, newest first, in full. */
export const listResponses = async (actor: Actor, id: string, page: ResponseListInput): Promise<Page<ResponseView>> => {
	const { resource } = await surveyFor(actor, id, 'survey.read');
	const after = page.cursor ? unpackTimeCursor(page.cursor) : null;
	const rows = await Response.find({
		survey: id,
		...shown[page.show],
		...(page.q ? { text: { $regex: escaped(page.q) } } : {}),
		...(after ? { $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: toId(after.id) } }] } : {})
	})
		.sort({ at: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	const { contacts } = surveyRights(actor, resource);
	const items = rows.slice(0, page.limit);
	const last = items.at(-1);
	return {
		items: items.map((response) => view(response, contacts)),
		next: rows.length > page.limit && last ? packCursor([last.at, last._id.toHexString()]) : null
	};
};

/** Everything a spreadsheet of a survey holds, oldest first. Contacts only for those who may see them. */
export const exportResponses = async (
	actor: Actor,
	id: string
): Promise<{ title: string; questions: (Question & { retired: boolean })[]; contacts: boolean; rows: ResponseView[] }> => {
	const { survey, resource } = await surveyFor(actor, id, 'survey.read');
	const { contacts } = surveyRights(actor, resource);
	const rows = await Response.find({ survey: id }).sort({ at: 1, _id: 1 }).limit(20_000).lean();
	const used = new Set(rows.flatMap(({ answers }) => Object.keys(answers)));
	return {
		title: survey.title,
		questions: [
			...survey.questions.map((question) => ({ ...question, retired: false })),
			...survey.retired.filter(({ key }) => used.has(key)).map((question) => ({ ...question, retired: true }))
		],
		contacts,
		rows: rows.map((response) => view(response, contacts))
	};
};
