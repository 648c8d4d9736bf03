/** Bytes that are not valid BSON, or a value BSON cannot hold. */
export class BSONFormatError extends Error {
	/** MongoDB's code: 22 InvalidBSON, or 15 Overflow for nesting that is too deep. */
	readonly code: number;
	constructor(message: string, code = 22) {
		super(message);
		this.name = 'BSONFormatError';
		this.code = code;
	}
}
