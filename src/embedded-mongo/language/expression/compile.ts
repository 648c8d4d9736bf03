import { isDoc } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import type { Collation } from '../collation.ts';
import { storeError } from '../errors.ts';
import { withVariables } from './env.ts';
import type { Cell, Eval, ExpressionEnv, Operator, OperatorTable } from './env.ts';
import { fieldParts, followInArray, followPath } from './fields.ts';
import { TABLES } from './tables.ts';

const OPERATORS = new Map<string, Operator>(TABLES.flatMap((table: OperatorTable) => Object.entries(table)));

/** Options a command gives to its expressions. */
export type ExpressionOptions = {
	collation?: Collation;
	let?: Doc;
	now?: Date;
	variables?: ReadonlyMap<string, Cell>;
};

/** The environment at the top of a command; the values of `let` are evaluated as constant expressions. */
export function expressionEnv(options: ExpressionOptions = {}): ExpressionEnv {
	const base: ExpressionEnv = {
		variables: options.variables ?? new Map(),
		collation: options.collation,
		now: options.now ?? new Date(),
		compile: compileExpression
	};
	if (!options.let) return base;
	const cells = Array.from(options.let, ([name, spec]): [string, Cell] => {
		checkVariableName(name);
		return [name, { value: compileExpression(spec, base)(NO_DOCUMENT) }];
	});
	return withVariables(base, cells);
}

/** Stands for the document where there is none yet. */
class NoDocument extends Map<string, Value> {
	override get(): never {
		throw storeError(
			4890500,
			'Command let Expression tried to access a field, but this is not allowed because Command let expressions run before the query examines any documents.'
		);
	}
}
const NO_DOCUMENT = new NoDocument();

/** Evaluates variable definitions against a document, for use as `variables` of a filter, update or expression. */
export function bindVariables(definitions: Doc, root: Doc, options: ExpressionOptions = {}): ReadonlyMap<string, Cell> {
	const env = expressionEnv(options);
	return new Map(
		Array.from(definitions, ([name, spec]): [string, Cell] => {
			checkVariableName(name);
			return [name, { value: compileExpression(spec, env)(root) }];
		})
	);
}

/** User variables start with a lower-case letter (or `CURRENT`). */
export function checkVariableName(name: string): void {
	if (name === '') throw storeError('FailedToParse', 'empty variable names are not allowed');
	if (name !== 'CURRENT' && !/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name)) {
		throw storeError('FailedToParse', `'${name}' starts with an invalid character for a user variable name`);
	}
}

/** Compiles an aggregation expression: a literal, `$field`, `$$variable`, object, array or operator. */
export function compileExpression(spec: Value, env: ExpressionEnv): Eval {
	if (typeof spec === 'string') return spec.startsWith('$') ? compileReference(spec, env) : () => spec;
	if (Array.isArray(spec)) {
		const items = spec.map((item) => compileExpression(item, env));
		return (root) => items.map((item) => item(root) ?? null);
	}
	if (!isDoc(spec)) return () => spec;
	const first = spec.keys().next().value;
	if (first?.startsWith('$')) {
		if (spec.size !== 1) {
			throw storeError(
				15983,
				`an expression specification must contain exactly one field, the name of the expression. Found ${spec.size} fields`
			);
		}
		const operator = OPERATORS.get(first);
		if (!operator) throw storeError('InvalidPipelineOperator', `Unrecognized expression '${first}'`);
		return operator(spec.get(first) as Value, env, first);
	}
	return compileObject(spec, env);
}

/** Whether an object with this first field is an expression. */
export const isExpressionName = (name: string | undefined): boolean => name !== undefined && OPERATORS.has(name);

function compileObject(spec: Doc, env: ExpressionEnv): Eval {
	const fields = Array.from(spec, ([name, value]): [string, Eval] => {
		if (name.startsWith('$')) throw storeError(15983, `FieldPath field names may not start with '$': ${name}`);
		if (name.includes('.'))
			throw storeError(16412, `FieldPath field names may not contain '.'. Consider using $getField or $setField.`);
		return [name, compileExpression(value, env)];
	});
	return (root) => {
		const made: Doc = new Map();
		for (const [name, field] of fields) {
			const value = field(root);
			if (value !== undefined) made.set(name, value);
		}
		return made;
	};
}

function compileReference(text: string, env: ExpressionEnv): Eval {
	if (!text.startsWith('$$')) {
		if (text === '$') throw storeError(16872, "'$' by itself is not a valid FieldPath");
		return compileFields(text.slice(1), env);
	}
	const [name = '', ...rest] = text.slice(2).split('.');
	if (name === '') throw storeError('FailedToParse', 'empty variable names are not allowed');
	const parts = rest.length === 0 ? [] : fieldParts(rest.join('.'));
	if (name === 'ROOT' || (name === 'CURRENT' && !env.variables.has('CURRENT'))) {
		return parts.length === 0 ? (root) => root : (root) => followPath(root, parts);
	}
	if (name === 'REMOVE') return () => undefined;
	if (name === 'NOW') return parts.length === 0 ? () => env.now : () => undefined;
	if (name === 'CLUSTER_TIME') {
		throw storeError(51144, "Builtin variable '$$CLUSTER_TIME' is not available");
	}
	if (name === 'USER_ROLES') return () => [];
	const cell = env.variables.get(name);
	if (!cell) throw storeError(17276, `Use of undefined variable: ${name}`);
	return throughCell(cell, parts);
}

function throughCell(cell: Cell, parts: string[]): Eval {
	if (parts.length === 0) return () => cell.value;
	return () => {
		const value = cell.value;
		if (value instanceof Map) return followPath(value, parts);
		return Array.isArray(value) ? followInArray(value, parts, 0) : undefined;
	};
}

function compileFields(path: string, env: ExpressionEnv): Eval {
	const parts = fieldParts(path);
	const current = env.variables.get('CURRENT');
	if (current) return throughCell(current, parts);
	if (parts.length === 1) return (root) => root.get(path);
	return (root) => followPath(root, parts);
}
