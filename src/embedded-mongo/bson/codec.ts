export { decode, MAX_DEPTH } from './decode.ts';
export { encode, encodedSize } from './encode.ts';
export { BSONFormatError } from './errors.ts';
export { MANY, rawPath, readPath } from './read-path.ts';
export type { RawPath } from './read-path.ts';
