import type { Doc } from '../../bson/values.ts';
import { failedToParse } from '../errors.ts';

export function compileSchema(_schema: Doc): (doc: Doc) => boolean {
	throw failedToParse('$jsonSchema is not yet offered');
}
