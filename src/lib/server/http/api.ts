import { json, type RequestEvent, type RequestHandler } from '@sveltejs/kit';
import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { AppError, invalid } from '#lib/server/platform/errors.ts';
import { logger } from '#lib/server/platform/logger.ts';
import { statusOf } from './error-status.ts';
import { replayOrRun } from './idempotency.ts';
import { issuesOf, problemErrors, wordsFor } from './messages.ts';

/** Largest JSON body, bytes. */
const maxBody = 512 * 1024;

/** An answer as RFC 9457 describes it. */
export const problem = (error: AppError): Response =>
	json(
		{
			type: 'about:blank',
			title: wordsFor(error.code, error.params),
			status: statusOf[error.kind],
			code: error.code,
			...(error.issues.length > 0 ? { errors: problemErrors(error.issues) } : {}),
			...(error.current === undefined ? {} : { current: error.current })
		},
		{
			status: statusOf[error.kind],
			headers: {
				'Content-Type': 'application/problem+json',
				'Cache-Control': 'no-store',
				...(error.retryAfter === null ? {} : { 'Retry-After': String(error.retryAfter) }),
				...(error.kind === 'unauthenticated' ? { 'WWW-Authenticate': 'Bearer' } : {})
			}
		}
	);

const readJson = async (request: Request): Promise<unknown> => {
	const type = request.headers.get('content-type') ?? '';
	if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) throw new AppError('unsupported_type', 'json_expected');
	const declared = Number(request.headers.get('content-length') ?? 0);
	if (declared > maxBody) throw new AppError('too_large', 'body_too_large');
	const bytes = await request.arrayBuffer();
	if (bytes.byteLength > maxBody) throw new AppError('too_large', 'body_too_large');
	if (bytes.byteLength === 0) return {};
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
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
	run: (input: {
		actor: Actor;
		body: z.output<Body>;
		query: z.output<Query>;
		params: Record<string, string>;
		event: RequestEvent;
	}) => Promise<unknown>;
};

/** Declares an operation with the types of its schemas. */
export const operation = <Body extends z.ZodType = z.ZodType, Query extends z.ZodType = z.ZodType>(
	declared: Operation<Body, Query>
): Operation<Body, Query> => declared;

/** The handler of an operation: who, parse, one command or query, answer; every refusal is a problem document. */
export const serve =
	<Body extends z.ZodType, Query extends z.ZodType>(served: Operation<Body, Query>): RequestHandler =>
	async (event) => {
		try {
			const { actor } = event.locals;
			if ((served.access ?? 'signed-in') === 'signed-in' && actor.kind !== 'user')
				throw new AppError('unauthenticated', 'sign_in_first');
			const query = (
				served.query ? parse(served.query, Object.fromEntries(event.url.searchParams)) : undefined
			) as z.output<Query>;
			const body = (served.body ? parse(served.body, await readJson(event.request)) : undefined) as z.output<Body>;
			const params = Object.fromEntries(Object.entries(event.params).map(([key, value]) => [key, value ?? '']));
			const run = () => served.run({ actor, body, query, params, event });
			const answer = served.idempotent
				? await replayOrRun(actor, event.request.headers.get('idempotency-key'), event.url.pathname, body, run)
				: await run();
			if (answer instanceof Response) return answer;
			if (answer === undefined) return new Response(null, { status: 204 });
			return json(answer, { status: served.status ?? 200, headers: { 'Cache-Control': 'no-store' } });
		} catch (error) {
			if (error instanceof AppError) return problem(error);
			logger.error({ route: event.route.id, err: error }, 'api call failed');
			return json(
				{ type: 'about:blank', title: wordsFor('fault'), status: 500, code: 'fault' },
				{ status: 500, headers: { 'Content-Type': 'application/problem+json' } }
			);
		}
	};
