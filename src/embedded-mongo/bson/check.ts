import { isUtf8 } from 'node:buffer';
import { Reader } from './decode.ts';
import { BSONFormatError } from './errors.ts';
import { T } from './values.ts';

/** Fields up to which looking through a list beats making a set. */
const FEW = 12;

/**
 * Makes sure that `decode` will take a document, without building it; so nothing is stored that could not be read again.
 * @throws BSONFormatError if the bytes are not exactly valid BSON.
 */
export function checkDocument(bytes: Uint8Array): void {
	const reader = new Reader(bytes, 0);
	checkFields(reader, bytes.length, true);
	if (reader.position !== bytes.length) throw new BSONFormatError('document is shorter than its bytes');
}

/** Goes through a document, or an array, whose field names do not matter. */
function checkFields(reader: Reader, limit: number, named: boolean): void {
	const end = reader.open(limit);
	const names: string[] = [];
	let many: Set<string> | undefined;
	for (;;) {
		const type = reader.bytes[reader.position++] ?? 0;
		if (type === 0) break;
		if (!named) reader.skipCString(end);
		else {
			const name = reader.cstring(end);
			if (many ? many.has(name) : names.includes(name)) throw new BSONFormatError(`field '${name}' appears twice`);
			if (many) many.add(name);
			else if (names.push(name) > FEW) many = new Set(names);
		}
		checkValue(reader, type, end);
	}
	reader.close(end);
}

function checkValue(reader: Reader, type: number, end: number): void {
	switch (type) {
		case T.object:
			checkFields(reader, end - 1, true);
			return;
		case T.array:
			checkFields(reader, end - 1, false);
			return;
		case T.string:
			checkText(reader, end);
			return;
		case T.double:
		case T.date:
		case T.long:
		case T.int:
		case T.null:
		case T.objectId:
		case T.timestamp:
			reader.skip(type, end);
			return;
		default:
			// Rare types are read in earnest.
			reader.value(type, end);
	}
}

function checkText(reader: Reader, end: number): void {
	const length = reader.length(end, 1);
	const { bytes, position } = reader;
	const last = position + length - 1;
	if (bytes[last] !== 0) throw new BSONFormatError('string is not terminated');
	reader.position = last + 1;
	let high = 0;
	if (length < 32) for (let at = position; at < last; at++) high |= bytes[at] as number;
	else high = 128;
	if (high > 127 && !isUtf8(bytes.subarray(position, last))) throw new BSONFormatError('text is not valid UTF-8');
}
