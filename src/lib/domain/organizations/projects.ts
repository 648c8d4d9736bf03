import { z } from 'zod';
import { daySchema, fenSchema, idSchema, lineSchema, requiredLineSchema, textSchema } from '#lib/domain/shared/fields.ts';
import { publishedHows, resourceKinds } from './tool-terms.ts';

const dayOrNone = daySchema.or(z.literal('')).default('');
const file = idSchema.or(z.literal('')).default('');
const fen = z.coerce.number({ error: 'money' }).pipe(fenSchema);

/** An idea for a project, from which a proposal can begin. Money in fen. */
export const ideaSchema = z.object({
	kind: z.literal('idea'),
	title: requiredLineSchema(60),
	/** The need it answers. */
	need: textSchema(600).default(''),
	/** Whom it is for, and who would do it. */
	who: lineSchema(120).default(''),
	costFen: fen.nullable().default(null)
});

/** A project the group did by itself; finished and closed once `closedOn` is set and the result is told. Money in fen. */
export const projectSchema = z
	.object({
		kind: z.literal('project'),
		title: requiredLineSchema(60),
		startedOn: daySchema,
		closedOn: dayOrNone,
		result: textSchema(1000).default(''),
		incomeFen: fen.default(0),
		spentFen: fen.default(0),
		file
	})
	.refine(({ startedOn, closedOn }) => closedOn === '' || closedOn >= startedOn, { error: 'closed_before_started', path: ['closedOn'] })
	.refine(({ closedOn, result }) => closedOn === '' || result !== '', { error: 'required', path: ['result'] });

/** Accounts that were shown to the members: for which time, on which day, how. Money in fen. */
export const accountsSchema = z
	.object({
		kind: z.literal('accounts'),
		title: requiredLineSchema(60),
		from: daySchema,
		to: daySchema,
		publishedOn: daySchema,
		how: z.enum(publishedHows, { error: 'choose_one' }),
		incomeFen: fen.default(0),
		spentFen: fen.default(0),
		/** The meeting it was read out at, and the sheet itself. */
		meeting: idSchema.or(z.literal('')).default(''),
		file
	})
	.refine(({ from, to }) => from <= to, { error: 'ends_before_begins', path: ['to'] })
	.refine(({ to, publishedOn }) => publishedOn >= to, { error: 'published_before_end', path: ['publishedOn'] })
	.refine(({ how, meeting }) => how !== 'meeting' || meeting !== '', { error: 'choose_one', path: ['meeting'] });

/** Something the group got from outside the station: who gave what, and what it is worth about. Money in fen. */
export const resourceSchema = z.object({
	kind: z.literal('resource'),
	title: requiredLineSchema(60),
	giver: requiredLineSchema(60),
	what: z.enum(resourceKinds, { error: 'choose_one' }),
	receivedOn: daySchema,
	valueFen: fen.nullable().default(null),
	note: textSchema(300).default(''),
	file
});

export const entrySchema = z.discriminatedUnion('kind', [ideaSchema, projectSchema, accountsSchema, resourceSchema]);
export type EntryInput = z.infer<typeof entrySchema>;

/** The day an entry counts on: when accounts were shown, a resource came, a project was closed. '' : not yet. */
export const countsOn = (entry: EntryInput): string =>
	entry.kind === 'accounts'
		? entry.publishedOn
		: entry.kind === 'resource'
			? entry.receivedOn
			: entry.kind === 'project'
				? entry.closedOn
				: '';
