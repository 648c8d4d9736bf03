import { z } from 'zod';
import { readCode } from '#lib/domain/judging/jury-code.ts';
import { requiredLineSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import type { Actions } from './$types';

export const actions = {
	default: formAction(z.object({ code: requiredLineSchema(40) }), async ({ code }) => `/jury/${encodeURIComponent(readCode(code))}`)
} satisfies Actions;
