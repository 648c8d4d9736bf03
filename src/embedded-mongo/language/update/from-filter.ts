import { isDoc } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import { badValue, storeError } from '../errors.ts';
import { compileFilter } from '../filter.ts';
import type { FilterNode } from '../filter.ts';

/**
 * The document an upsert starts from: the fields the filter fixes by equality.
 * With `onlyId`, as for a replacement, just `_id`.
 */
export function documentFromFilter(filter: Doc, onlyId = false): Doc {
	const found = new Map<string, Value>();
	collect(compileFilter(filter).tree, found, onlyId);
	const made: Doc = new Map();
	const id = found.get('_id');
	if (id !== undefined) made.set('_id', id);
	for (const [path, value] of found) {
		for (const other of found.keys()) {
			if (other.startsWith(`${path}.`)) {
				throw storeError(
					'NotSingleValueField',
					`cannot infer query fields to set, both paths '${path}' and '${other}' are matched`
				);
			}
		}
		if (path !== '_id') put(made, path.split('.'), 0, value, path);
	}
	return made;
}

function collect(node: FilterNode, found: Map<string, Value>, onlyId: boolean): void {
	if (node.kind === 'and') node.children.forEach((child) => collect(child, found, onlyId));
	else if (node.kind === 'or' && node.children.length === 1) collect(node.children[0] as FilterNode, found, onlyId);
	else if (node.kind === 'path') {
		let value: Value | undefined;
		if (node.operator === '$eq') value = node.operand;
		else if (node.operator === '$in' && Array.isArray(node.operand) && node.operand.length === 1)
			value = node.operand[0];
		if (value === undefined || (onlyId && node.path !== '_id')) return;
		if (found.has(node.path)) {
			throw storeError('NotSingleValueField', `cannot infer query fields to set, path '${node.path}' is matched twice`);
		}
		found.set(node.path, value);
	}
}

function put(doc: Doc, parts: string[], at: number, value: Value, path: string): void {
	const name = parts[at] as string;
	if (at === parts.length - 1) {
		doc.set(name, value);
		return;
	}
	const known = doc.get(name);
	if (known !== undefined && !isDoc(known)) throw badValue(`cannot infer query fields to set at path '${path}'`);
	const next: Doc = known ?? new Map();
	doc.set(name, next);
	put(next, parts, at + 1, value, path);
}
