import type { Doc, Maybe, Value } from '../../bson/values.ts';
import { storeError } from '../errors.ts';
import type { FilterOptions } from '../filter.ts';

/** What one application of an update knows. */
export type ApplyContext = {
	/** The document as it was before the update. */
	root: Doc;
	arrayIndex: number | undefined;
	upserting: boolean;
};

/** What an operator does to the value at its path. */
export type Operation = {
	/** Gives the new value: `undefined` removes the field (or leaves it missing); the same value changes nothing. */
	apply(existing: Maybe, context: ApplyContext): Maybe;
	/** True if a path through a scalar is simply nothing to do rather than an error. */
	lenient?: boolean;
	/** True for `$setOnInsert`: nothing at all unless a document is being inserted. */
	onlyOnInsert?: boolean;
};

/** Parses an operator's operand for one path. */
export type OperationParser = (operand: Value, path: string, options: FilterOptions) => Operation;

/** The document's `_id`, for error messages. */
export function idOf(context: ApplyContext): Maybe {
	return context.root.get('_id');
}

/** The refusal of a field at the top of a document whose name begins with `$`; only inserting and pipelines may write one. */
export function dollarName(name: string): Error {
	return storeError(
		'DollarPrefixedFieldName',
		`The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`
	);
}
