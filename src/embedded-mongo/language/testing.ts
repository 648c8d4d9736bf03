import { deserialize, EJSON, serialize } from 'bson';
import type { Document } from 'bson';
import { decode, encode } from '../bson/codec.ts';
import type { Doc, Value } from '../bson/values.ts';

/** A document from a JavaScript object as the driver would send it: whole numbers become int32. For tests. */
export function doc(object: Document): Doc {
	return decode(serialize(object, { ignoreUndefined: false }));
}

/** A single value, likewise. */
export function value(item: unknown): Value {
	return doc({ v: item }).get('v') as Value;
}

/** A document as a plain JavaScript object, as a driver would hand it to an application. */
export function plain(document: Doc): Document {
	return deserialize(encode(document));
}

/** A document as canonical extended JSON, in which every type shows. */
export function canonical(document: Doc): string {
	return EJSON.stringify(deserialize(encode(document), { promoteValues: false }), { relaxed: false });
}
