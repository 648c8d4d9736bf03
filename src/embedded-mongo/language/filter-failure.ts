/** Why a document does not match a filter, in the form MongoDB reports it when a validator refuses a document. */
import { BSONRegExp, int32, isDoc, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { compileFilter } from './filter.ts';
import { isOperatorDoc } from './filter-parse.ts';
import { valuesAt } from './paths.ts';
import { schemaDetails } from './schema-failure.ts';

const entries = (...list: [string, Value][]): Doc => new Map(list);

const REASONS: Record<string, string> = {
	$in: 'no matching value found in array',
	$nin: 'matching value found in array',
	$ne: 'comparison succeeded',
	$type: 'type did not match',
	$regex: 'regular expression did not match',
	$mod: '$mod did not evaluate to expected remainder',
	$size: 'array length was not equal to given size',
	$elemMatch: 'array did not satisfy the child predicate',
	$all: 'array did not contain all specified values',
	$bitsAllSet: 'bitwise operator failed to match',
	$bitsAnySet: 'bitwise operator failed to match',
	$bitsAllClear: 'bitwise operator failed to match',
	$bitsAnyClear: 'bitwise operator failed to match'
};

/** `details` of a filter that a document does not match. */
export function filterDetails(filter: Doc, doc: Doc): Doc {
	const clauses = [...filter].filter(([name]) => name !== '$comment').flatMap(([name, condition]) => split(name, condition));
	return clauses.length === 1 && clauses[0] ? clauseDetails(clauses[0], doc) : together('$and', clauses, doc);
}

/** One condition of a filter, as a filter of its own. */
function split(name: string, condition: Value): Doc[] {
	if (name === '$and' && Array.isArray(condition) && condition.length > 1) return [entries([name, condition])];
	if (name.startsWith('$') || !isOperatorDoc(condition)) return [entries([name, condition])];
	const options = condition.get('$options');
	return [...condition]
		.filter(([operator]) => operator !== '$options' && operator !== '$comment')
		.map(([operator, operand]) => {
			const one = entries([operator, operand]);
			if (operator === '$regex' && options !== undefined) one.set('$options', options);
			return entries([name, one]);
		});
}

function together(operator: string, clauses: Doc[], doc: Doc): Doc {
	const failing = clauses.flatMap((clause, index) => {
		if (compileFilter(clause).matches(doc)) return [];
		return [entries(['index', int32(index)], ['details', filterDetails(clause, doc)])];
	});
	return entries(['operatorName', operator], ['clausesNotSatisfied', failing]);
}

function clauseDetails(clause: Doc, doc: Doc): Doc {
	const [[name, condition] = ['', null]] = clause;
	if (name === '$jsonSchema' && isDoc(condition)) return schemaDetails(condition, doc);
	if ((name === '$and' || name === '$or') && Array.isArray(condition)) return together(name, condition.filter(isDoc), doc);
	if (name === '$nor' && Array.isArray(condition)) {
		const met = condition.flatMap((child, index) => {
			if (!isDoc(child) || !compileFilter(child).matches(doc)) return [];
			const details = entries(['operatorName', operatorOf(child)], ['specifiedAs', child], ['reason', 'comparison succeeded']);
			return [entries(['index', int32(index)], ['details', details])];
		});
		return entries(['operatorName', name], ['clausesNotSatisfied', met]);
	}
	if (name === '$expr') {
		return entries(
			['operatorName', name],
			['specifiedAs', clause],
			['reason', 'expression did not match'],
			['expressionResult', false]
		);
	}
	if (name.startsWith('$')) return entries(['operatorName', name], ['specifiedAs', clause]);
	return pathDetails(name, operatorOf(clause), condition, clause, doc);
}

/** The operator a filter of one condition stands for. */
function operatorOf(clause: Doc): string {
	const [[name, condition] = ['', null]] = clause;
	if (name.startsWith('$')) return name;
	if (condition instanceof BSONRegExp) return '$regex';
	return isOperatorDoc(condition) ? (condition.keys().next().value ?? '$eq') : '$eq';
}

function pathDetails(path: string, operator: string, condition: Value, clause: Doc, doc: Doc): Doc {
	const shown = entries(['operatorName', operator], ['specifiedAs', clause]);
	const values = valuesAt(doc, path, 'whole').flatMap((value) => (Array.isArray(value) ? [...value, value] : [value]));
	if (operator === '$exists') {
		return shown.set('reason', values.length === 0 ? 'path does not exist' : 'path does exist');
	}
	if (operator === '$not' && isDoc(condition)) {
		const inner = condition.get('$not') ?? null;
		return entries(['operatorName', operator], ['details', considered(
			entries(['operatorName', operatorOf(entries([path, inner]))], ['specifiedAs', entries([path, inner])], ['reason', 'comparison succeeded']),
			values
		)]);
	}
	if (values.length === 0) return shown.set('reason', 'field was missing');
	shown.set('reason', REASONS[operator] ?? 'comparison failed');
	considered(shown, values);
	const [only] = values;
	if (operator === '$type') {
		if (values.length === 1) shown.set('consideredType', typeName(only));
		else shown.set('consideredTypes', [...new Set(values.map((value) => typeName(value)))]);
	}
	return shown;
}

function considered(shown: Doc, values: Value[]): Doc {
	const [only] = values;
	if (values.length === 1 && only !== undefined) return shown.set('consideredValue', only);
	return values.length === 0 ? shown : shown.set('consideredValues', values);
}
