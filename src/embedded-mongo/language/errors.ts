import type { Doc } from '../bson/values.ts';

/** MongoDB's error codes by name, as its drivers know them. */
export const CODES = {
	InternalError: 1,
	BadValue: 2,
	NoSuchKey: 4,
	GraphContainsCycle: 5,
	HostUnreachable: 6,
	HostNotFound: 7,
	UnknownError: 8,
	FailedToParse: 9,
	UserNotFound: 11,
	UnsupportedFormat: 12,
	Unauthorized: 13,
	TypeMismatch: 14,
	Overflow: 15,
	InvalidLength: 16,
	ProtocolError: 17,
	AuthenticationFailed: 18,
	IllegalOperation: 20,
	InvalidBSON: 22,
	AlreadyInitialized: 23,
	IndexNotFound: 27,
	PathNotViable: 28,
	NonExistentPath: 29,
	RoleNotFound: 31,
	ConflictingUpdateOperators: 40,
	CursorNotFound: 43,
	NamespaceExists: 48,
	MaxTimeMSExpired: 50,
	DollarPrefixedFieldName: 52,
	NotSingleValueField: 54,
	EmptyFieldName: 56,
	DottedFieldName: 57,
	CommandNotFound: 59,
	WriteConcernFailed: 64,
	ImmutableField: 66,
	CannotCreateIndex: 67,
	IndexAlreadyExists: 68,
	InvalidOptions: 72,
	InvalidNamespace: 73,
	NoReplicationEnabled: 76,
	UnsatisfiableWriteConcern: 100,
	WriteConflict: 112,
	NotAReplicaSet: 123,
	ReadConcernMajorityNotEnabled: 148,
	FailPointSetFailed: 173,
	PrimarySteppedDown: 189,
	SnapshotUnavailable: 246,
	IndexBuildAborted: 276,
	ExceededTimeLimit: 262,
	IndexOptionsConflict: 85,
	IndexKeySpecsConflict: 86,
	NamespaceNotFound: 26,
	NetworkTimeout: 89,
	ShutdownInProgress: 91,
	OperationFailed: 96,
	NotExactValueField: 108,
	CommandNotSupported: 115,
	AmbiguousIndexKeyPattern: 181,
	DocumentValidationFailure: 121,
	ExceededMemoryLimit: 146,
	QueryPlanKilled: 175,
	InvalidIndexSpecificationOption: 197,
	InvalidPipelineOperator: 168,
	CursorInUse: 12051,
	DatabaseDifferCase: 13297,
	CursorKilled: 237,
	ConversionFailure: 241,
	ClientDisconnect: 279,
	NoQueryExecutionPlans: 291,
	QueryExceededMemoryLimitNoDiskUseAllowed: 292,
	APIVersionError: 322,
	MechanismUnavailable: 334,
	APIStrictError: 323,
	APIDeprecationError: 324,
	CannotConvertIndexToUnique: 359,
	InvalidResumeToken: 260,
	IDLUnknownField: 40415,
	IDLFailedToParse: 40414,
	BSONObjectTooLarge: 10334,
	DuplicateKey: 11000,
	InterruptedAtShutdown: 11600,
	Interrupted: 11601,
	NotWritablePrimary: 10107,
	InterruptedDueToReplStateChange: 11602,
	NotPrimaryNoSecondaryOk: 13435,
	NotPrimaryOrSecondary: 13436,
	SocketException: 9001,
	OutOfDiskSpace: 14031,
	SearchNotEnabled: 31082
} as const;

export type CodeName = keyof typeof CODES;

/** An error with MongoDB's code and name; `extra` goes into the reply beside them. */
export class StoreError extends Error {
	readonly code: number;
	readonly codeName: string;
	readonly extra?: Doc;
	constructor(code: number, codeName: string, message: string, extra?: Doc) {
		super(message);
		this.name = 'StoreError';
		this.code = code;
		this.codeName = codeName;
		this.extra = extra;
	}
}

const NAMES = new Map<number, string>(Object.entries(CODES).map(([name, code]) => [code, name]));

/** The name of a code, `Location…` for those that have none. */
export const codeName = (code: number): string => NAMES.get(code) ?? `Location${code}`;

/** Throws-ready error by name (`'BadValue'`) or by MongoDB's location number (`40324` gives `Location40324`). */
export function storeError(which: CodeName | number, message: string, extra?: Doc): StoreError {
	if (typeof which === 'number') return new StoreError(which, codeName(which), message, extra);
	return new StoreError(CODES[which], which, message, extra);
}

export const badValue = (message: string) => storeError('BadValue', message);
export const failedToParse = (message: string) => storeError('FailedToParse', message);
export const typeMismatch = (message: string) => storeError('TypeMismatch', message);

/** What went wrong, saying what it went wrong in; other errors than the store's own stay as they are. */
export function inContext(what: string, error: unknown): unknown {
	if (!(error instanceof StoreError)) return error;
	return new StoreError(error.code, error.codeName, `${what} :: caused by :: ${error.message}`, error.extra);
}
