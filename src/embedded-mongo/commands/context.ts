/** What a command is given, and how it reads its arguments. */
import { int32, Long, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { storeError, typeMismatch } from '../language/errors.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { expressionEnv } from '../language/expression/compile.ts';
import type { Limits } from '../limits.ts';
import type { Store } from '../store.ts';
import type { Collection } from '../storage/catalog.ts';
import { assertWritable, createCollection } from './new-collection.ts';

/** A client's connection, as commands see it. */
export interface Connection {
	readonly id: number;
	/** The client is gone: nobody waits for what it asked for. */
	readonly closed: boolean;
}

export interface Context {
	store: Store;
	/** `$db` of the request. */
	database: string;
	name: string;
	command: Doc;
	/** Documents of an insert, as the bytes they came in. */
	rawDocuments: Buffer[] | undefined;
	connection: Connection;
	/** When to give up: at maxTimeMS, and for commands that only read, when the client is gone. */
	limits: Limits;
}

/** A reply as a document, or as the bytes of one in several pieces. */
export type Reply = Doc | Uint8Array[];

export interface Command {
	/** Fields besides the generic ones every command takes; an unknown one is refused. */
	fields: readonly string[];
	run(context: Context): Reply | Promise<Reply>;
	/** It only reads, so it ends early when its client is gone. A write goes on: its client may not want an answer. */
	reads?: boolean;
	/** The command's first value is a collection name. */
	adminOnly?: boolean;
}

export function reply(...entries: [string, Value][]): Doc {
	return new Map<string, Value>([...entries, ['ok', 1]]);
}

export function doc(...entries: [string, Value][]): Doc {
	return new Map(entries);
}

/** A count as MongoDB writes it: int32 where it fits, else a long. */
export function count(value: number): Value {
	return value >= -0x80000000 && value <= 0x7fffffff ? int32(value) : Long.fromNumber(value);
}

function wrongType(context: Context, field: string, value: Value, expected: string): Error {
	return typeMismatch(
		`BSON field '${context.name}.${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`
	);
}

function present(context: Context, field: string): Value | undefined {
	const value = context.command.get(field);
	return value === null ? undefined : value;
}

export function missing(context: Context, field: string): Error {
	return storeError('IDLFailedToParse', `BSON field '${context.name}.${field}' is missing but a required field`);
}

export function optionalDoc(context: Context, field: string): Doc | undefined {
	const value = present(context, field);
	if (value === undefined) return undefined;
	if (!(value instanceof Map)) throw wrongType(context, field, value, 'object');
	return value;
}

/** The command's variables; their values may refer to nothing, so they are known before the first document is. */
export function optionalLet(context: Context): Doc | undefined {
	const variables = optionalDoc(context, 'let');
	if (variables) expressionEnv({ let: variables });
	return variables;
}

export function optionalString(context: Context, field: string): string | undefined {
	const value = present(context, field);
	if (value === undefined) return undefined;
	if (typeof value !== 'string') throw wrongType(context, field, value, 'string');
	return value;
}

export function optionalNumber(context: Context, field: string): number | undefined {
	const value = present(context, field);
	if (value === undefined) return undefined;
	const number = toNumber(value);
	if (number === undefined) throw wrongType(context, field, value, 'long');
	return Math.trunc(number);
}

/** A whole number not below zero. */
export function optionalCount(context: Context, field: string): number | undefined {
	const number = optionalNumber(context, field);
	if (number !== undefined && number < 0) {
		throw storeError(51024, `BSON field '${field}' value must be >= 0, actual value '${number}'`);
	}
	return number;
}

export function optionalFlag(context: Context, field: string): boolean {
	const value = present(context, field);
	if (value === undefined) return false;
	if (typeof value !== 'boolean' && toNumber(value) === undefined) throw wrongType(context, field, value, 'bool');
	return isTrue(value);
}

export function optionalArray(context: Context, field: string): Value[] | undefined {
	const value = present(context, field);
	if (value === undefined) return undefined;
	if (!Array.isArray(value)) throw wrongType(context, field, value, 'array');
	return value;
}

/** An array of documents that must be there. */
export function documentsOf(context: Context, field: string): Doc[] {
	const items = optionalArray(context, field);
	if (!items) throw missing(context, field);
	return items.map((item, i) => {
		if (!(item instanceof Map)) throw wrongType(context, `${field}.${i}`, item, 'object');
		return item;
	});
}

export function assertNamespace(namespace: string): void {
	const dot = namespace.indexOf('.');
	const name = namespace.slice(dot + 1);
	if (dot <= 0 || name === '' || name.startsWith('.') || name.includes('\0') || Buffer.byteLength(namespace) > 255) {
		throw storeError('InvalidNamespace', `Invalid namespace specified '${namespace}'`);
	}
	if (/[/\\. "$\0]/.test(namespace.slice(0, dot))) {
		throw storeError('InvalidNamespace', `Invalid namespace specified '${namespace}'`);
	}
}

/** `database.collection` from the command's first value. */
export function namespaceOf(context: Context): string {
	const value = context.command.get(context.name);
	if (typeof value !== 'string') {
		throw storeError('InvalidNamespace', `collection name has invalid type ${typeName(value)}`);
	}
	const namespace = `${context.database}.${value}`;
	assertNamespace(namespace);
	return namespace;
}

/** The same where clients may write; others are refused before anything else is looked at. */
export function writableNamespaceOf(context: Context): string {
	const namespace = namespaceOf(context);
	assertWritable(namespace);
	return namespace;
}

export function collectionOf(context: Context): Collection | undefined {
	return context.store.catalog.get(namespaceOf(context));
}

/** The collection to write to, made if it is not there; only inside write jobs. */
export function collectionForWrite(context: Context, namespace: string): Collection {
	const { catalog } = context.store;
	return catalog.get(namespace) ?? createCollection(catalog, namespace);
}
