/** What in a filter may put bounds on an index. */
import type { Value } from '../bson/values.ts';
import { BSONRegExp } from '../bson/values.ts';
import type { FilterNode, PathNode } from '../language/filter.ts';

/** A condition of the conjunction that may bound an index. */
export interface Condition {
	path: string;
	/** What bounds are made from; nothing for `$exists: false`. */
	test?: PathNode;
	/** The `$elemMatch` it stands in. */
	group?: FilterNode;
	/** The conjunct it belongs to. */
	node: FilterNode;
	/** Its bounds depend on how text compares. */
	textual: boolean;
}

export function hasText(value: Value): boolean {
	if (typeof value === 'string' || value instanceof BSONRegExp) return true;
	if (Array.isArray(value)) return value.some(hasText);
	if (value instanceof Map) return [...value.values()].some(hasText);
	return typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'BSONSymbol';
}

/** Ranges of documents and arrays compare the texts inside, even if the bound itself has none. */
function isTextual({ operator, operand }: PathNode): boolean {
	const nested = operand instanceof Map || Array.isArray(operand);
	return hasText(operand) || (nested && operator !== '$eq' && operator !== '$in');
}

/** The conditions of a conjunction that can bound an index. */
export function conditionsOf(tree: FilterNode): Condition[] {
	const found: Condition[] = [];
	const visit = (node: FilterNode): void => {
		if (node.kind === 'and') node.children.forEach(visit);
		else if (node.kind === 'path') found.push({ path: node.path, test: node, node, textual: isTextual(node) });
		else if (node.kind === 'not' && node.child.kind === 'path' && node.child.operator === '$exists') {
			found.push({ path: node.child.path, node, textual: false });
		} else if (node.kind === 'elemMatch') {
			const children = node.child.kind === 'and' ? node.child.children : [node.child];
			for (const child of children) {
				if (child.kind !== 'path') continue;
				const path = node.of === 'value' ? node.path : `${node.path}.${child.path}`;
				found.push({ path, test: child, group: node, node, textual: isTextual(child) });
			}
		}
	};
	visit(tree);
	return found;
}
