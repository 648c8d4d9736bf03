import { decode } from '../bson/codec.ts';
import { MANY, rawPath, readPath } from '../bson/read-path.ts';
import { isDoc } from '../bson/values.ts';
import type { Doc, Maybe } from '../bson/values.ts';
import type { FilterNode, PathNode } from './filter-tree.ts';
import { compilePath } from './paths.ts';
import type { Hit, Test } from './paths.ts';

type Matcher = (doc: Doc, hit: Hit | null) => boolean;

export function compileNode(node: FilterNode): Matcher {
	switch (node.kind) {
		case 'constant':
			return () => node.value;
		case 'opaque':
			return (doc) => node.test(doc);
		case 'path':
			return compilePath(node.path, node.test, node.leaf);
		case 'elemMatch':
			return compileElemMatch(node.path, elementTest(node));
		case 'not': {
			const child = compileNode(node.child);
			return (doc) => !child(doc, null);
		}
		default: {
			const children = node.children.map(compileNode);
			return node.kind === 'and' ? all(children) : node.kind === 'or' ? any(children) : none(children);
		}
	}
}

function all(children: Matcher[]): Matcher {
	return (doc, hit) => {
		for (const child of children) {
			if (child(doc, hit)) continue;
			if (hit) hit.index = -1;
			return false;
		}
		return true;
	};
}

function any(children: Matcher[]): Matcher {
	return (doc, hit) => children.some((child) => child(doc, hit));
}

function none(children: Matcher[]): Matcher {
	return (doc) => !children.some((child) => child(doc, null));
}

function compileElemMatch(path: string, test: Test): Matcher {
	let found = -1;
	const walk = compilePath(
		path,
		(value) => {
			if (!Array.isArray(value)) return false;
			found = value.findIndex(test);
			return found >= 0;
		},
		'whole'
	);
	return (doc, hit) => {
		if (!hit) return walk(doc, null);
		const outer: Hit = { index: -1 };
		if (!walk(doc, outer)) return false;
		hit.index = outer.index >= 0 ? outer.index : found;
		return true;
	};
}

/** The test `$elemMatch` puts to each element of the array. */
function elementTest(node: { of: 'object' | 'value'; child: FilterNode }): Test {
	if (node.of === 'value') return compileSingle(node.child);
	const child = compileNode(node.child);
	return (value) => {
		if (isDoc(value)) return child(value, null);
		// A nested array is matched like a document with its indexes as names.
		return Array.isArray(value) && child(new Map(value.map((item, index) => [String(index), item])), null);
	};
}

/** A filter put to one value as it stands, without looking into arrays. */
export function compileSingle(node: FilterNode): Test {
	switch (node.kind) {
		case 'path':
			return node.test;
		case 'constant':
			return () => node.value;
		case 'not': {
			const child = compileSingle(node.child);
			return (value) => !child(value);
		}
		case 'elemMatch': {
			const test = elementTest(node);
			return (value) => Array.isArray(value) && value.some(test);
		}
		case 'opaque':
			return (value) => isDoc(value) && node.test(value);
		default: {
			const children = node.children.map(compileSingle);
			if (node.kind === 'and') return (value) => children.every((child) => child(value));
			return (value) => children.some((child) => child(value)) === (node.kind === 'or');
		}
	}
}

/** Runs conjunctions of path predicates on the bytes; everything else on the decoded document. */
export function compileBytes(tree: FilterNode, run: Matcher): (bytes: Uint8Array) => boolean {
	const nodes = tree.kind === 'and' ? tree.children : [tree];
	const simple = nodes.filter((node): node is PathNode => node.kind === 'path');
	const complete = simple.length === nodes.length;
	const checks = simple.map(({ path, test, leaf }) => ({
		raw: rawPath(path),
		test: (value: Maybe) => (Array.isArray(value) && leaf === 'elements' ? value.some(test) : false) || test(value)
	}));
	return (bytes) => {
		let certain = complete;
		for (const { raw, test } of checks) {
			const value = readPath(bytes, raw);
			if (value === MANY) certain = false;
			else if (!test(value)) return false;
		}
		return certain || run(decode(bytes), null);
	};
}
