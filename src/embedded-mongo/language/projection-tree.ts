import type { Doc, Maybe, Value } from '../bson/values.ts';
import { storeError } from './errors.ts';
import type { Eval } from './expression/env.ts';
import { fieldParts } from './expression/fields.ts';

/** What a projection or `$addFields` does at each path: a flag (include or exclude) or a computed value. */
export type Branch = Map<string, Leaf>;
export type Leaf = { kind: 'flag' } | { kind: 'computed'; evaluate: Eval } | { kind: 'branch'; fields: Branch };

/** Adds a leaf at a dotted path; paths that overlap are refused. */
export function plant(tree: Branch, path: string, leaf: Leaf): void {
	const parts = fieldParts(path);
	let branch = tree;
	parts.forEach((part, at) => {
		const known = branch.get(part);
		if (at === parts.length - 1) {
			if (known) throw storeError(31250, `Path collision at ${path}`);
			branch.set(part, leaf);
			return;
		}
		if (known && known.kind !== 'branch') {
			throw storeError(31249, `Path collision at ${path} remaining portion ${parts.slice(at + 1).join('.')}`);
		}
		const next: Branch = known?.fields ?? new Map();
		if (!known) branch.set(part, { kind: 'branch', fields: next });
		branch = next;
	});
}

/** Keeps the flagged paths, in the order of the document. */
export function includeFields(doc: Doc, tree: Branch): Doc {
	const kept: Doc = new Map();
	for (const [name, value] of doc) {
		const leaf = tree.get(name);
		if (!leaf || leaf.kind === 'computed') continue;
		if (leaf.kind === 'flag') {
			kept.set(name, value);
			continue;
		}
		const nested = includeIn(value, leaf.fields);
		if (nested !== undefined) kept.set(name, nested);
	}
	return kept;
}

function includeIn(value: Value, tree: Branch): Maybe {
	if (value instanceof Map) return includeFields(value, tree);
	if (!Array.isArray(value)) return undefined;
	return value.map((item) => includeIn(item, tree)).filter((item) => item !== undefined);
}

/** Drops the flagged paths. */
export function excludeFields(doc: Doc, tree: Branch): Doc {
	const kept: Doc = new Map();
	for (const [name, value] of doc) {
		const leaf = tree.get(name);
		if (!leaf || leaf.kind === 'computed') kept.set(name, value);
		else if (leaf.kind === 'branch') kept.set(name, excludeIn(value, leaf.fields));
	}
	return kept;
}

function excludeIn(value: Value, tree: Branch): Value {
	if (value instanceof Map) return excludeFields(value, tree);
	return Array.isArray(value) ? value.map((item) => excludeIn(item, tree)) : value;
}

function computes(tree: Branch): boolean {
	for (const leaf of tree.values()) {
		if (leaf.kind === 'computed' || (leaf.kind === 'branch' && computes(leaf.fields))) return true;
	}
	return false;
}

/** Sets the computed paths on a copy of the document: in place where a field exists, else at the end. */
export function addFields(doc: Doc, tree: Branch, root: Doc): Doc {
	const made: Doc = new Map(doc);
	for (const [name, leaf] of tree) {
		if (leaf.kind === 'computed') put(made, name, leaf.evaluate(root));
		else if (leaf.kind === 'branch' && computes(leaf.fields)) put(made, name, addIn(made.get(name), leaf.fields, root));
	}
	return made;
}

function put(doc: Doc, name: string, value: Maybe): void {
	if (value === undefined) doc.delete(name);
	else doc.set(name, value);
}

/** Below arrays every element gets the fields; anything that is no document is replaced by one. */
function addIn(value: Maybe, tree: Branch, root: Doc): Value {
	if (value instanceof Map) return addFields(value, tree, root);
	if (Array.isArray(value)) return value.map((item) => addIn(item, tree, root));
	return addFields(new Map(), tree, root);
}
