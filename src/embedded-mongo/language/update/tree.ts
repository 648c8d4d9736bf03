import { isDoc } from '../../bson/values.ts';
import type { Maybe, Value } from '../../bson/values.ts';
import { identicalValues } from '../compare.ts';
import { badValue, storeError } from '../errors.ts';
import { arrayIndex } from '../paths.ts';
import { show } from '../show.ts';
import { dollarName } from './operation.ts';
import type { ApplyContext, Operation } from './operation.ts';

/** All operators of an update, by path. Children named `$`, `$[]` and `$[id]` are resolved against each document. */
export type UpdateNode = Operation & { kind: 'leaf'; path: string };
export type UpdateBranch = { kind: 'branch'; children: Map<string, UpdateNode | UpdateBranch> };
export type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>;

/** More padding than this in one step is surely a mistake, and refused by MongoDB too. */
const MAX_PADDING = 1_500_000;

export function newBranch(): UpdateBranch {
	return { kind: 'branch', children: new Map() };
}

function conflict(path: string, at: string): Error {
	return storeError('ConflictingUpdateOperators', `Updating the path '${path}' would create a conflict at '${at}'`);
}

const isFiltered = (part: string) => part.startsWith('$[');

/** Adds an operation; two operations may not touch the same path or one a part of the other's. */
export function plantOperation(tree: UpdateBranch, path: string, operation: Operation): void {
	const parts = path.split('.');
	let branch = tree;
	parts.forEach((part, at) => {
		const here = parts.slice(0, at + 1).join('.');
		for (const sibling of branch.children.keys()) {
			if (isFiltered(sibling) !== isFiltered(part)) throw conflict(path, parts.slice(0, at).join('.'));
			break;
		}
		const known = branch.children.get(part);
		if (at === parts.length - 1) {
			if (known) throw conflict(path, here);
			branch.children.set(part, { ...operation, kind: 'leaf', path });
		} else if (known) {
			if (known.kind === 'leaf') throw conflict(path, here);
			branch = known;
		} else {
			const next = newBranch();
			branch.children.set(part, next);
			branch = next;
		}
	});
}

function merge(a: UpdateNode | UpdateBranch, b: UpdateNode | UpdateBranch, path: string): UpdateBranch {
	if (a.kind === 'leaf' || b.kind === 'leaf') throw conflict(path, path);
	const children = new Map(a.children);
	for (const [name, child] of b.children) {
		const known = children.get(name);
		children.set(name, known ? merge(known, child, `${path}.${name}`) : child);
	}
	return { kind: 'branch', children: sorted(children) };
}

/** Names in order of their text, indexes in numerical order: the order in which new fields appear. */
export function compareNames(a: string, b: string): number {
	const x = arrayIndex(a);
	const y = arrayIndex(b);
	if (x >= 0 && y >= 0) return x - y;
	return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(children: UpdateBranch['children']): UpdateBranch['children'] {
	return new Map([...children].sort(([a], [b]) => compareNames(a, b)));
}

/** Puts the whole tree into the order of application; to be called once it is complete. */
export function orderOperations(branch: UpdateBranch): UpdateBranch {
	const ordered = sorted(branch.children);
	for (const [name, child] of ordered) if (child.kind === 'branch') ordered.set(name, orderOperations(child));
	return { kind: 'branch', children: ordered };
}

const DIGITS = /^\d+$/;
const DBREF_FIELDS = new Set(['$ref', '$id', '$db']);

/** Applies a node to the value at `path`. The same value comes back where nothing changes. */
export function applyNode(
	node: UpdateNode | UpdateBranch,
	existing: Maybe,
	path: string,
	context: ApplyContext,
	filters: ArrayFilters
): Maybe {
	if (isIdle(node, context)) return existing;
	if (node.kind === 'leaf') {
		const made = node.apply(existing, context);
		return identicalValues(existing, made) ? existing : made;
	}
	const first = node.children.keys().next().value ?? '';
	if (isFiltered(first)) return applyFiltered(node, existing, path, context, filters);
	const resolved = node.children.has('$') ? sorted(resolvePositional(node, path, context)) : node.children;
	let made: Maybe = existing;
	for (const [name, child] of resolved) {
		made = applyChild(made, made !== existing, name, child, path, context, filters);
	}
	return made;
}

function resolvePositional(node: UpdateBranch, path: string, context: ApplyContext): UpdateBranch['children'] {
	const positional = node.children.get('$');
	if (!positional) return node.children;
	if (context.arrayIndex === undefined) {
		throw badValue('The positional operator did not find the match needed from the query.');
	}
	const name = String(context.arrayIndex);
	const children = new Map(node.children);
	children.delete('$');
	const known = children.get(name);
	return children.set(name, known ? merge(known, positional, `${path}.${name}`) : positional);
}

/** Sets one child in a document or array; `owned` says that `parent` is already a copy of ours. */
function applyChild(
	parent: Maybe,
	owned: boolean,
	name: string,
	child: UpdateNode | UpdateBranch,
	path: string,
	context: ApplyContext,
	filters: ArrayFilters
): Maybe {
	const here = path === '' ? name : `${path}.${name}`;
	const apply = (value: Maybe) => applyNode(child, value, here, context, filters);
	if (parent === undefined) {
		const value = apply(undefined);
		return value === undefined ? undefined : new Map([[name, value]]);
	}
	if (isDoc(parent)) {
		const before = parent.get(name);
		const after = apply(before);
		if (Object.is(after, before)) return parent;
		if (path === '' && !context.upserting) checkTopName(name, child, before, after);
		const made = owned ? parent : new Map(parent);
		if (after === undefined) made.delete(name);
		else made.set(name, after);
		return made;
	}
	const index = Array.isArray(parent) && DIGITS.test(name) ? Number(name) : -1;
	if (!Array.isArray(parent) || index < 0) {
		if (isLenient(child) || isIdle(child, context)) return parent;
		throw storeError(
			'PathNotViable',
			`Cannot create field '${name}' in element {${path.split('.').at(-1)}: ${show(parent)}}`
		);
	}
	const before = parent[index];
	let after = apply(before);
	// Removing an element leaves null in its place.
	if (before !== undefined) after ??= null;
	if (Object.is(after, before) || after === undefined) return parent;
	if (index - parent.length > MAX_PADDING) {
		throw storeError('CannotBackfillArray', `can't backfill more than ${MAX_PADDING} elements`);
	}
	const made = owned ? parent : [...parent];
	while (made.length < index) made.push(null);
	made[index] = after;
	return made;
}

/** A field at the top that begins with `$` may be removed, or changed inside, but neither made nor replaced. */
function checkTopName(name: string, child: UpdateNode | UpdateBranch, before: Maybe, after: Maybe): void {
	if (!name.startsWith('$') || DBREF_FIELDS.has(name) || after === undefined) return;
	if (child.kind === 'leaf' || before === undefined) throw dollarName(name);
}

/** True if nothing below takes effect, since no document is being inserted. */
function isIdle(node: UpdateNode | UpdateBranch, context: ApplyContext): boolean {
	if (context.upserting) return false;
	if (node.kind === 'leaf') return node.onlyOnInsert === true;
	for (const child of node.children.values()) if (!isIdle(child, context)) return false;
	return true;
}

/** True if nothing below would create anything, so that a path that cannot exist is no error. */
function isLenient(node: UpdateNode | UpdateBranch): boolean {
	if (node.kind === 'leaf') return node.lenient === true;
	for (const child of node.children.values()) if (!isLenient(child)) return false;
	return true;
}

function applyFiltered(
	node: UpdateBranch,
	existing: Maybe,
	path: string,
	context: ApplyContext,
	filters: ArrayFilters
): Maybe {
	if (existing === undefined) {
		throw badValue(`The path '${path}' must exist in the document in order to apply array updates.`);
	}
	if (!Array.isArray(existing)) {
		throw badValue(`Cannot apply array updates to non-array element ${path.split('.').at(-1)}: ${show(existing)}`);
	}
	let changed = false;
	const made = existing.map((item, index) => {
		const here = `${path}.${index}`;
		let target: UpdateNode | UpdateBranch | undefined;
		for (const [part, child] of node.children) {
			const identifier = part.slice(2, -1);
			if (identifier !== '' && !filters.get(identifier)?.(item)) continue;
			target = target ? merge(target, child, here) : child;
		}
		if (!target) return item;
		const after = applyNode(target, item, here, context, filters) ?? null;
		if (!Object.is(after, item)) changed = true;
		return after;
	});
	return changed ? made : existing;
}
