import type { Issue } from '#lib/domain/shared/issues.ts';

/** Kinds of refusal a command or query may answer with; `http` maps each to a status once. */
export type AppErrorKind =
	| 'unauthenticated'
	| 'forbidden'
	| 'not_found'
	| 'conflict'
	| 'invalid'
	| 'too_large'
	| 'unsupported_type'
	| 'rate_limited'
	| 'unavailable';

/**
 * A refusal with words for the person: `code` names a message (`err_<code>`), `issues` point at fields,
 * `current` is the present state after a stale edit, `retryAfter` is in seconds.
 */
export class AppError extends Error {
	readonly kind: AppErrorKind;
	readonly code: string;
	readonly params: Record<string, string | number>;
	readonly issues: Issue[];
	readonly current: unknown;
	readonly retryAfter: number | null;

	constructor(
		kind: AppErrorKind,
		code: string,
		more: { params?: Record<string, string | number>; issues?: Issue[]; current?: unknown; retryAfter?: number } = {}
	) {
		super(`${kind}: ${code}`);
		this.name = 'AppError';
		this.kind = kind;
		this.code = code;
		this.params = more.params ?? {};
		this.issues = more.issues ?? [];
		this.current = more.current;
		this.retryAfter = more.retryAfter ?? null;
	}
}

/** 422: fields are wrong. */
export const invalid = (issues: Issue[], code = 'invalid'): AppError => new AppError('invalid', code, { issues });
/** 422 at one field. */
export const invalidField = (path: string, code: string, params?: Issue['params']): AppError =>
	new AppError('invalid', code, { issues: [{ path, code, params }], params });
/** 404: it does not exist, or the actor may not know that it does. */
export const notFound = (): AppError => new AppError('not_found', 'not_found');
/** 403: the actor may know of it but not do this. */
export const forbidden = (code = 'forbidden'): AppError => new AppError('forbidden', code);
/** 409: based on an old version; `current` is the present state. */
export const stale = (current: unknown): AppError => new AppError('conflict', 'stale', { current });
/** 409: the state does not allow this step. */
export const conflict = (code: string, params?: Record<string, string | number>, current?: unknown): AppError =>
	new AppError('conflict', code, { params, current });
