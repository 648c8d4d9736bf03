import type { RequestEvent, RequestHandler } from '@sveltejs/kit';
import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { AppError, invalid } from '#lib/server/platform/errors.ts';
import { logger } from '#lib/server/platform/logger.ts';
import { statusOf } from './error-status.ts';
import { replayOrRun } from './idempotency.ts';
import { issuesOf, problemErrors, wordsFor } from './messages.ts';

/** Largest JSON body, bytes. */
const maxBody = 512 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A call of the API as it came in, by whichever way. */
export type ApiCall = {
	actor: Actor;
	/** The path asked for, as sent. */
	path: string;
	params: Record<string, string>;
	query: Record<string, string>;
	idempotencyKey: string | null;
	content: {
		contentType: string | null;
		contentLength: string | null;
		/** Reads the body; null when it is longer than so many bytes. */
		bytes: (most: number) => Promise<ArrayBuffer | Uint8Array | null>;
	};
};

/** An answer before it goes out, whichever way: `body` is JSON text, null for none. */
export type ApiAnswer = { status: number; headers: Record<string, string>; body: string | null };

/** A refusal or a fault as RFC 9457 describes it, in the language spoken now. */
export const refusalOf = (error: unknown, where: string): ApiAnswer => {
	if (!(error instanceof AppError)) {
		logger.error({ route: where, err: error }, 'api call failed');
		return {
			status: 500,
			headers: { 'Content-Type': 'application/problem+json' },
			body: JSON.stringify({ type: 'about:blank', title: wordsFor('fault'), status: 500, code: 'fault' })
		};
	}
	const status = statusOf[error.kind];
	return {
		status,
		headers: {
			'Content-Type': 'application/problem+json',
			'Cache-Control': 'no-store',
			...(error.retryAfter === null ? {} : { 'Retry-After': String(error.retryAfter) }),
			...(error.kind === 'unauthenticated' ? { 'WWW-Authenticate': 'Bearer' } : {})
		},
		body: JSON.stringify({
			type: 'about:blank',
			title: wordsFor(error.code, error.params),
			status,
			code: error.code,
			...(error.issues.length > 0 ? { errors: problemErrors(error.issues) } : {}),
			...(error.current === undefined ? {} : { current: error.current })
		})
	};
};

const readJson = async ({ contentType, contentLength, bytes }: ApiCall['content']): Promise<unknown> => {
	if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType ?? '')) throw new AppError('unsupported_type', 'json_expected');
	if (Number(contentLength ?? 0) > maxBody) throw new AppError('too_large', 'body_too_large');
	const read = await bytes(maxBody);
	if (read === null) throw new AppError('too_large', 'body_too_large');
	if (read.byteLength === 0) return {};
	try {
		return JSON.parse(utf8.decode(read)) as unknown;
	} catch {
		throw new AppError('invalid', 'json_broken');
	}
};

const parse = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> => {
	const parsed = schema.safeParse(value, { reportInput: true });
	if (!parsed.success) throw invalid(issuesOf(parsed.error));
	return parsed.data;
};

/**
 * One call of the API: what it takes, what it answers, and the one command or query behind it. The OpenAPI
 * document is made from these, with the very schemas that validate.
 */
export type Operation<Body extends z.ZodType = z.ZodType, Query extends z.ZodType = z.ZodType> = {
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Below `/api/v1`, parameters in braces: `/organizations/{id}`. */
	path: string;
	summary: string;
	/** 'open' lets strangers in; everything else answers 401 to them. */
	access?: 'open' | 'signed-in';
	body?: Body;
	query?: Query;
	/** Shape of the answer, for the document. */
	answer?: z.ZodType;
	status?: number;
	/** Creating calls accept `Idempotency-Key`. */
	idempotent?: boolean;
} & (
	| {
			/**
			 * For the busiest calls: the server's own door answers them, without the framework (see `api-door.ts`). They know
			 * nothing of the request but what is parsed, and their answers hold no words in a person's language.
			 */
			direct: true;
			run: (input: OperationInput<Body, Query>) => Promise<unknown>;
	  }
	| { direct?: false; run: (input: OperationInput<Body, Query> & { event: RequestEvent }) => Promise<unknown> }
);

/** What an operation is carried out with. */
export type OperationInput<Body extends z.ZodType, Query extends z.ZodType> = {
	actor: Actor;
	body: z.output<Body>;
	query: z.output<Query>;
	params: Record<string, string>;
};

/** Declares an operation with the types of its schemas. */
export const operation = <Body extends z.ZodType = z.ZodType, Query extends z.ZodType = z.ZodType>(
	declared: Operation<Body, Query>
): Operation<Body, Query> => declared;

/** Who, parse, one command or query. Refusals are thrown. */
const perform = async <Body extends z.ZodType, Query extends z.ZodType>(
	served: Operation<Body, Query>,
	call: ApiCall,
	run: (input: OperationInput<Body, Query>) => Promise<unknown>
): Promise<unknown> => {
	const { actor, params } = call;
	if ((served.access ?? 'signed-in') === 'signed-in' && actor.kind !== 'user') throw new AppError('unauthenticated', 'sign_in_first');
	const query = (served.query ? parse(served.query, call.query) : undefined) as z.output<Query>;
	const body = (served.body ? parse(served.body, await readJson(call.content)) : undefined) as z.output<Body>;
	const input = { actor, body, query, params };
	return served.idempotent ? replayOrRun(actor, call.idempotencyKey, call.path, body, () => run(input)) : run(input);
};

const answerOf = (served: Operation, answer: unknown): ApiAnswer =>
	answer === undefined
		? { status: 204, headers: {}, body: null }
		: { status: served.status ?? 200, headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }, body: JSON.stringify(answer) };

/** Carries out a call that needs nothing of the framework. Refusals are thrown; {@link refusalOf} words them. */
export const carryOut = async (served: Extract<Operation, { direct: true }>, call: ApiCall): Promise<ApiAnswer> =>
	answerOf(served, await perform(served, call, (input) => served.run(input)));

const toResponse = ({ status, headers, body }: ApiAnswer): Response => new Response(body, { status, headers });

const callOf = (event: RequestEvent): ApiCall => {
	const { request } = event;
	return {
		actor: event.locals.actor,
		path: event.url.pathname,
		params: Object.fromEntries(Object.entries(event.params).map(([key, value]) => [key, value ?? ''])),
		query: Object.fromEntries(event.url.searchParams),
		idempotencyKey: request.headers.get('idempotency-key'),
		content: {
			contentType: request.headers.get('content-type'),
			contentLength: request.headers.get('content-length'),
			bytes: async (most) => {
				const bytes = await request.arrayBuffer();
				return bytes.byteLength > most ? null : bytes;
			}
		}
	};
};

/** The framework's handler of an operation; every refusal is a problem document. */
export const serve =
	<Body extends z.ZodType, Query extends z.ZodType>(served: Operation<Body, Query>): RequestHandler =>
	async (event) => {
		try {
			const answer = await perform(served, callOf(event), (input) => served.run({ ...input, event }));
			return answer instanceof Response ? answer : toResponse(answerOf(served as unknown as Operation, answer));
		} catch (error) {
			return toResponse(refusalOf(error, event.route.id ?? served.path));
		}
	};
