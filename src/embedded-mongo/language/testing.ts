import { deserialize, EJSON, serialize } from 'bson';
import type { Document } from 'bson';
import { decode, encode } from '../bson/codec.ts';
import type { Doc, Maybe, Value } from '../bson/values.ts';
import { StoreError } from './errors.ts';
import { compileExpression, expressionEnv } from './expression/compile.ts';
import { compileFilter } from './filter.ts';
import type { FilterOptions } from './filter.ts';
import { compileProjection } from './projection.ts';
import { compileSort } from './sort.ts';
import { runPipeline } from './stages/pipeline.ts';
import type { PipelineEnv } from './stages/pipeline.ts';
import { compileUpdate } from './update/update.ts';
import type { UpdateOptions } from './update/update.ts';

// Helpers for the tests of this folder: JavaScript objects in and out, as the driver would send and show them.

/** A document from a JavaScript object: whole numbers become int32, as in the driver. */
export function doc(object: Document): Doc {
	return decode(serialize(object, { ignoreUndefined: false }));
}

export function value(item: unknown): Value {
	return doc({ v: item }).get('v') as Value;
}

export function plain(document: Doc): Document {
	return deserialize(encode(document));
}

/** Canonical extended JSON, in which every type and the order of fields show. */
export function canonical(document: Doc): string {
	return EJSON.stringify(deserialize(encode(document), { promoteValues: false, promoteLongs: false }), {
		relaxed: false
	});
}

/** Whether the filter matches each document. */
export function matches(filter: Document, documents: Document[], options?: FilterOptions): boolean[] {
	const compiled = compileFilter(doc(filter), options);
	return documents.map(doc).map((document) => {
		const answer = compiled.matches(document);
		if (compiled.matchesBytes(encode(document)) !== answer) throw new Error('bytes and document disagree');
		return answer;
	});
}

export function project(spec: Document, document: Document, filter: Document = {}): Document {
	const stored = doc(document);
	return plain(compileProjection(doc(spec)).apply(stored, compileFilter(doc(filter)).match(stored)));
}

/** The `_id`s in the order of the sort. */
export function sorted(spec: Document, documents: Document[]): unknown[] {
	return documents
		.map(doc)
		.sort(compileSort(doc(spec)).compare)
		.map((document) => plain(document)['_id']);
}

export function update(
	change: Document | Document[],
	document: Document,
	filter: Document = {},
	options: UpdateOptions = {}
): Document {
	const stored = doc(document);
	const before = canonical(stored);
	const details = compileFilter(doc(filter)).match(stored);
	const untouched = () => {
		if (canonical(stored) !== before) throw new Error('the stored document was changed');
	};
	try {
		const made = compileUpdate(Array.isArray(change) ? change.map(doc) : doc(change), options).apply(
			stored,
			details
		).doc;
		untouched();
		return plain(made);
	} catch (error) {
		untouched();
		throw error;
	}
}

export function aggregate(stages: Document[], documents: Document[], env: Partial<PipelineEnv> = {}): Document[] {
	return runPipeline(stages.map(doc), documents.map(doc), { readCollection: () => [], ...env }).map(plain);
}

/** The value of an expression as BSON, `undefined` if missing. */
export function evaluate(expression: unknown, document: Document = {}): Maybe {
	return compileExpression(value(expression), expressionEnv())(doc(document));
}

/** The value of an expression as JavaScript shows it. */
export function result(expression: unknown, document: Document = {}): unknown {
	const found = evaluate(expression, document);
	return found === undefined ? undefined : plain(new Map([['v', found]]))['v'];
}

/** The code of the StoreError a function throws; any other outcome fails the test. */
export function codeOf(run: () => unknown): number {
	try {
		run();
	} catch (error) {
		if (error instanceof StoreError) return error.code;
		throw error;
	}
	throw new Error('nothing was thrown');
}
