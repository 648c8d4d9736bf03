import type { AppErrorKind } from '#lib/server/platform/errors.ts';

/** The one place where kinds of refusal become HTTP statuses. */
export const statusOf: Record<AppErrorKind, number> = {
	unauthenticated: 401,
	forbidden: 403,
	not_found: 404,
	conflict: 409,
	too_large: 413,
	unsupported_type: 415,
	invalid: 422,
	rate_limited: 429,
	unavailable: 503
};
