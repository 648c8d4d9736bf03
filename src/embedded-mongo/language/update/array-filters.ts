import { isDoc } from '../../bson/values.ts';
import type { Doc, Value } from '../../bson/values.ts';
import { badValue, failedToParse } from '../errors.ts';
import { compileFilter } from '../filter.ts';
import type { FilterOptions } from '../filter.ts';
import { show } from '../show.ts';
import type { ArrayFilters } from './tree.ts';

/** Compiles `arrayFilters`: each speaks of one identifier. */
export function compileArrayFilters(specs: Doc[], options: FilterOptions): ArrayFilters {
	const filters = new Map<string, (element: Value) => boolean>();
	for (const spec of specs) {
		const name = identifierOf(spec);
		if (name === undefined) {
			throw failedToParse('Cannot use an expression without a top-level field name in arrayFilters');
		}
		if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
			throw badValue(
				`Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`
			);
		}
		if (filters.has(name))
			throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`);
		const filter = compileFilter(spec, options);
		filters.set(name, (element) => filter.matches(new Map([[name, element]])));
	}
	return filters;
}

function identifierOf(spec: Doc): string | undefined {
	let found: string | undefined;
	const note = (name: string) => {
		if (found !== undefined && found !== name) {
			throw failedToParse(
				`Error parsing array filter :: caused by :: Expected a single top-level field name, found '${found}' and '${name}'`
			);
		}
		found = name;
	};
	for (const [name, value] of spec) {
		if (!name.startsWith('$')) note(name.split('.')[0] ?? '');
		else if (Array.isArray(value)) {
			for (const item of value) {
				const nested = isDoc(item) ? identifierOf(item) : undefined;
				if (nested !== undefined) note(nested);
			}
		}
	}
	return found;
}

/** Checks that every identifier in the paths has a filter and every filter is used. */
export function checkIdentifiers(paths: string[], filters: ArrayFilters, update: Doc): void {
	const used = new Set<string>();
	for (const path of paths) {
		for (const [, identifier = ''] of path.matchAll(/\.\$\[([^\]]*)\]/g)) {
			if (identifier === '') continue;
			used.add(identifier);
			if (!filters.has(identifier))
				throw badValue(`No array filter found for identifier '${identifier}' in path '${path}'`);
		}
	}
	for (const name of filters.keys()) {
		if (!used.has(name)) {
			throw failedToParse(`The array filter for identifier '${name}' was not used in the update ${show(update)}`);
		}
	}
}
