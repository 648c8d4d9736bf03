import { fail, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { logger } from '#lib/server/platform/logger.ts';
import { statusOf } from './error-status.ts';
import { readForm, readFormData, type FormValue } from './form-data.ts';
import { fieldErrors, issuesOf, wordsFor } from './messages.ts';

/** What a form gets back: everything typed, and what is wrong, by field. `current` after a stale edit. */
export type FormFailure = {
	values: Record<string, FormValue>;
	errors: Record<string, string>;
	message: string;
	code: string;
	current?: unknown;
};

type FormContext = { event: RequestEvent; actor: Actor; form: FormData };

/** Passwords are never sent back into a page. */
const withoutSecrets = (values: Record<string, FormValue>): Record<string, FormValue> =>
	Object.fromEntries(Object.entries(values).filter(([key]) => !/password|^current$|^next$/i.test(key)));

/** Turns a refusal into a failed form that keeps what was typed. Anything else is a fault and goes on up. */
export const failForm = (error: unknown, values: Record<string, FormValue>): ActionFailure<FormFailure> => {
	if (!(error instanceof AppError)) throw error;
	const status = statusOf[error.kind];
	return fail(status, {
		values: withoutSecrets(values),
		errors: fieldErrors(error.issues),
		message: wordsFor(error.code, error.params),
		code: error.code,
		...(error.current === undefined ? {} : { current: JSON.parse(JSON.stringify(error.current)) as unknown })
	});
};

/**
 * A form action: parse, then one command. `run` answers where to go (a path), or data for the page.
 * `prepare` may shape the raw values before parsing (yuan to fen, lists of the attachments).
 */
export const formAction =
	<Schema extends z.ZodType, Answer extends string | Record<string, unknown>>(
		schema: Schema,
		run: (input: z.output<Schema>, context: FormContext) => Promise<Answer>,
		prepare: (values: Record<string, FormValue>) => unknown = (values) => values
	) =>
	async (event: RequestEvent): Promise<Exclude<Answer, string> | ActionFailure<FormFailure>> => {
		let values: Record<string, FormValue> = {};
		let result: Answer;
		try {
			const form = await readForm(event.request);
			values = readFormData(form);
			const parsed = schema.safeParse(prepare(values));
			if (!parsed.success) throw new AppError('invalid', 'invalid', { issues: issuesOf(parsed.error) });
			result = await run(parsed.data, { event, actor: event.locals.actor, form });
		} catch (error) {
			if (error instanceof AppError && error.kind === 'rate_limited')
				event.setHeaders({ 'Retry-After': String(error.retryAfter ?? 60) });
			if (!(error instanceof AppError)) logger.debug({ route: event.route.id }, 'form action failed');
			return failForm(error, values);
		}
		if (typeof result === 'string') redirect(303, result);
		return result as Exclude<Answer, string>;
	};
