/** `$convert` between text and binary data. */
import { Binary, typeName } from '../../../bson/values.ts';
import type { Maybe, Value } from '../../../bson/values.ts';
import { badValue, storeError } from '../../errors.ts';

const UUID_TEXT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const FORMATS = ['auto', 'base64', 'base64url', 'utf8', 'hex', 'uuid'];

const failure = (message: string) => storeError('ConversionFailure', `${message} in $convert with no onError value`);

function readFormat(format: Maybe, from: string, to: string): string {
	if (format === undefined || format === null) {
		throw failure(`Format must be specified when converting from '${from}' to '${to}'`);
	}
	if (typeof format !== 'string') {
		throw storeError(4341107, `$convert requires that 'format' be a string, found: ${typeName(format)}`);
	}
	if (!FORMATS.includes(format)) throw badValue(`Invalid 'format' argument for $convert: ${format}`);
	return format;
}

/** Bytes of a text, or nothing if it is not of that form. */
function parse(text: string, format: string): Buffer | undefined {
	switch (format) {
		case 'utf8':
			return Buffer.from(text, 'utf8');
		case 'hex':
			return /^(?:[0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
		case 'uuid':
			return UUID_TEXT.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined;
		case 'base64':
			return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
				? Buffer.from(text, 'base64')
				: undefined;
		default:
			return /^[A-Za-z0-9_-]*={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1
				? Buffer.from(text, 'base64url')
				: undefined;
	}
}

export function toBinary(value: Value, subtype: number, given: Maybe): Value {
	if (value instanceof Binary) {
		if (value.sub_type !== subtype) throw failure('Conversions between different binData subtypes are not supported');
		return value;
	}
	if (typeof value !== 'string') throw failure(`Unsupported conversion from ${typeName(value)} to binData`);
	const format = readFormat(given, 'string', 'binData');
	if (format === 'auto') throw failure("Format 'auto' cannot be used to convert to binData");
	if ((format === 'uuid') !== (subtype === Binary.SUBTYPE_UUID)) {
		throw failure("Only the UUID subtype (4) is allowed with the UUID format, and the reverse");
	}
	const bytes = parse(value, format);
	if (!bytes) throw failure(`Failed to convert '${value}' to binData: input is not a valid ${format} string`);
	return new Binary(bytes, subtype);
}

export function fromBinary(value: Binary, given: Maybe): string {
	let format = readFormat(given, 'binData', 'string');
	const bytes = Buffer.from(value.buffer.subarray(0, value.position));
	const isUuid = value.sub_type === Binary.SUBTYPE_UUID && bytes.length === 16;
	if (format === 'auto') format = isUuid ? 'uuid' : 'base64';
	if (format === 'uuid') {
		if (!isUuid) throw failure('Only the UUID subtype (4) can be converted to a UUID string');
		return value.toUUID().toHexString();
	}
	const text = bytes.toString(format as BufferEncoding);
	if (format === 'utf8' && !Buffer.from(text, 'utf8').equals(bytes)) throw failure('BinData is not valid UTF-8');
	return text;
}
