/** update: each statement changes one matching document or all of them, or adds one. */
import { int32 } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import type { Command, Context, Reply } from './context.ts';
import { count, doc, documentsOf, optionalLet, optionalFlag, reply, writableNamespaceOf } from './context.ts';
import { applyUpdate, arrayFiltersOf, checkUpdate, hintOf } from './modify.ts';
import type { UpdateStatement } from './modify.ts';
import { assertBatch, assertStatement, optionalDocOf, optionalFlagOf } from './statements.ts';
import { runWrites } from './write-errors.ts';

const FIELDS = [
	'q',
	'u',
	'c',
	'multi',
	'upsert',
	'collation',
	'arrayFilters',
	'hint',
	'sort',
	'upsertSupplied',
	'sampleId'
];

/** `let` of the command and constants of the statement, which win. */
export function variables(letDoc: Doc | undefined, constants: Doc | undefined): Doc | undefined {
	if (!constants) return letDoc;
	return new Map([...(letDoc ?? []), ...constants]);
}

function readStatement(given: Doc, letDoc: Doc | undefined, bypassValidation: boolean): UpdateStatement {
	assertStatement('update.updates', given, FIELDS, ['q', 'u']);
	const update = checkUpdate(given.get('u'));
	const constants = optionalDocOf('update.updates', given, 'c');
	return {
		filter: optionalDocOf('update.updates', given, 'q') ?? new Map(),
		update,
		multi: optionalFlagOf('update.updates', given, 'multi'),
		upsert: optionalFlagOf('update.updates', given, 'upsert'),
		collation: optionalDocOf('update.updates', given, 'collation'),
		arrayFilters: arrayFiltersOf(given.get('arrayFilters')),
		hint: hintOf(given.get('hint')),
		sort: optionalDocOf('update.updates', given, 'sort'),
		constants,
		let: variables(letDoc, constants),
		bypassValidation
	};
}

async function update(context: Context): Promise<Reply> {
	const namespace = writableNamespaceOf(context);
	const given = documentsOf(context, 'updates');
	assertBatch(given.length);
	const ordered = !context.command.has('ordered') || optionalFlag(context, 'ordered');
	const bypass = optionalFlag(context, 'bypassDocumentValidation');
	const letDoc = optionalLet(context);
	// What is malformed is refused before anything is written.
	const statements = given.map((statement) => readStatement(statement, letDoc, bypass));
	let matched = 0;
	let modified = 0;
	let upserted: Value[] = [];
	const errors = await runWrites(context, statements.length, ordered, () => {
		matched = 0;
		modified = 0;
		upserted = [];
		return function* (i) {
			const outcome = yield* applyUpdate(context, namespace, statements[i] as UpdateStatement);
			matched += outcome.matched;
			modified += outcome.modified;
			if (outcome.upserted !== undefined) {
				matched++;
				upserted.push(doc(['index', int32(i)], ['_id', outcome.upserted]));
			}
		};
	});
	const answer: [string, Value][] = [['n', count(matched)]];
	if (upserted.length > 0) answer.push(['upserted', upserted]);
	return reply(...answer, ['nModified', count(modified)], ...errors);
}

export const UPDATE: Record<string, Command> = {
	update: { fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'], run: update }
};
