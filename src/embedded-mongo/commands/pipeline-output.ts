/** $out and $merge: where the results of a pipeline are written. */
import { randomUUID } from 'node:crypto';
import { decode, encode } from '../bson/codec.ts';
import type { Doc, Value } from '../bson/values.ts';
import { storeError } from '../language/errors.ts';
import { bindVariables } from '../language/expression/compile.ts';
import { TICK } from '../language/slices.ts';
import type { Flow, OutputStage } from '../language/stages/pipeline.ts';
import { compileUpdate } from '../language/update/update.ts';
import { checkLimits, giveWay } from '../limits.ts';
import { first, run } from '../planner/query.ts';
import { collectionForWrite } from './context.ts';
import type { Context } from './context.ts';
import { prepareDocument } from './insert.ts';
import { createCollection } from './new-collection.ts';
import { updateRecord } from './modify.ts';
import { prepareQuery } from './query-arguments.ts';
import { validate } from './validation.ts';

interface OutputOptions {
	let?: Doc;
	bypassValidation: boolean;
}

export async function writeOutput(
	context: Context,
	target: string,
	output: OutputStage,
	documents: Flow,
	options: OutputOptions
): Promise<void> {
	// The pipeline may read what it is about to write, so it runs to its end first.
	const made: Doc[] = [];
	for (const doc of documents) {
		if (doc !== TICK) made.push(doc);
		else {
			checkLimits(context.limits);
			await giveWay();
		}
	}
	if (output.kind === 'out') await replaceCollection(context, target, made, options);
	else await merge(context, target, output, made, options);
}

/** The results go into a temporary collection with the old one's options and indexes, which then takes its place. */
async function replaceCollection(context: Context, target: string, made: Doc[], options: OutputOptions): Promise<void> {
	const { store } = context;
	const { catalog, environment, records } = store;
	const temporary = `${target.slice(0, target.indexOf('.'))}.tmp.out.${randomUUID()}`;
	const fresh = await environment.write(() => {
		const old = catalog.get(target);
		if (!old && target.includes('$')) throw storeError('InvalidNamespace', `Invalid namespace specified '${target}'`);
		const created = createCollection(catalog, temporary, new Map([...(old?.options ?? []), ['temp', true]]));
		for (const index of old?.indexes ?? []) if (!index.isId) catalog.addIndex(created, index.spec, false);
		return created;
	});
	try {
		await environment.write(function* () {
			for (const doc of made) {
				const bytes = prepareDocument(Buffer.from(encode(doc)));
				if (!options.bypassValidation) validate(fresh, bytes);
				records.insert(fresh, bytes);
				yield;
			}
		});
	} catch (error) {
		await environment.write(() => catalog.drop(fresh));
		store.reapSoon();
		throw error;
	}
	await environment.write(() => {
		const old = catalog.get(target);
		if (old) catalog.drop(old);
		fresh.options = new Map([...fresh.options].filter(([name]) => name !== 'temp'));
		catalog.rename(fresh, target);
	});
	store.cursors.killNamespace(target, 'collection dropped');
	store.reapSoon();
}

type Merge = Extract<OutputStage, { kind: 'merge' }>;

async function merge(
	context: Context,
	target: string,
	output: Merge,
	made: Doc[],
	options: OutputOptions
): Promise<void> {
	const { environment, catalog, records } = context.store;
	const { on, whenMatched, whenNotMatched } = output;
	const existing = catalog.get(target);
	const unique =
		(on.length === 1 && on[0] === '_id') ||
		existing?.indexes.some(
			(index) =>
				index.unique && !index.partial && index.fields.length === on.length && on.every((field) => index.fields.includes(field))
		);
	if (!unique) throw storeError(51183, 'Cannot find index to verify that join fields will be unique');

	await environment.write(function* () {
		for (const doc of made) {
			const collection = catalog.get(target);
			const filter: Doc = new Map(
				on.map((field): [string, Value] => {
					const value = valueAt(doc, field);
					if (value === undefined || value === null || Array.isArray(value)) {
						throw storeError(
							51132,
							`$merge write error: 'on' field '${field}' cannot be missing, null, undefined or an array`
						);
					}
					return [field, new Map([['$eq', value]])];
				})
			);
			const query = collection && prepareQuery(environment, collection, { filter, limit: 1 });
			const found = collection && query ? yield* first(run(environment, collection, query), context.limits) : undefined;
			if (!found || !collection || !query) {
				if (whenNotMatched === 'fail') {
					throw storeError(
						13113,
						'$merge could not find a matching document in the target collection for at least one document in the source collection'
					);
				}
				if (whenNotMatched === 'insert') {
					const bytes = prepareDocument(Buffer.from(encode(doc)));
					const into = collectionForWrite(context, target);
					if (!options.bypassValidation) validate(into, bytes);
					records.insert(into, bytes);
				}
			} else if (whenMatched === 'fail') {
				// A plain insert, which the unique index refuses as it refuses any other.
				records.insert(collection, prepareDocument(Buffer.from(encode(doc))));
			} else if (whenMatched !== 'keepExisting') {
				const before = decode(found.bytes);
				const update = Array.isArray(whenMatched)
					? compileUpdate(whenMatched, { let: variablesFor(output, doc, options) })
					: compileUpdate(whenMatched === 'replace' ? withId(doc, before) : new Map([...before, ...withId(doc, before)]));
				updateRecord(context, collection, found, query.filter, update, options.bypassValidation);
			}
			yield;
		}
	});
}

function withId(doc: Doc, before: Doc): Doc {
	return new Map([['_id', doc.get('_id') ?? (before.get('_id') as Value)], ...doc]);
}

/** Variables of a `whenMatched` pipeline: `$$new`, the incoming document, and what `let` makes of it. */
function variablesFor(output: Merge, doc: Doc, options: OutputOptions): Doc {
	const literal = (value: Value): Value => new Map([['$literal', value]]);
	const bound = [...bindVariables(output.let ?? new Map(), doc, { let: options.let })].map(
		([name, { value }]): [string, Value] => [name, value === undefined ? '$$REMOVE' : literal(value)]
	);
	return new Map([...(options.let ?? []), ...bound, ['new', literal(doc)]]);
}

function valueAt(doc: Doc, path: string): Value | undefined {
	let current: Value | undefined = doc;
	for (const part of path.split('.')) {
		if (!(current instanceof Map)) return undefined;
		current = current.get(part);
	}
	return current;
}
