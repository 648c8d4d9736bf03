import type { Doc, Value } from '../../bson/values.ts';
import { storeError } from '../errors.ts';
import type { FilterOptions } from '../filter.ts';

export function compileUpdatePipeline(_stages: Value[], _options: FilterOptions): (doc: Doc) => Doc {
	throw storeError('CommandNotSupported', 'pipeline updates are not yet offered');
}
