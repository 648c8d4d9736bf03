import { z } from 'zod';
import { ballotSchema } from '#lib/domain/judging/schema.ts';
import { isRecord } from '#lib/server/http/money-fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { clientAddress } from '#lib/server/http/session-handle.ts';
import { castBallot, checkBallot, readBallot } from '#lib/server/modules/judging/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import type { Actions, PageServerLoad } from './$types';

/** The ballot behind a code, or in words why there is none; nobody needs an account. */
export const load: PageServerLoad = async (event) => {
	event.setHeaders({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
	try {
		return { ballot: await readBallot(event.params.code, clientAddress(event)), refusal: '', early: false, typed: '' };
	} catch (refusal) {
		if (!(refusal instanceof AppError)) throw refusal;
		return { ballot: null, refusal: wordsFor(refusal.kind === 'not_found' ? 'jury_unknown' : refusal.code, refusal.params), early: refusal.code === 'jury_not_yet', typed: refusal.kind === 'not_found' ? event.params.code.slice(0, 40) : '' };
	}
};

const points = (value: unknown): number | null => (typeof value === 'string' && value.trim() !== '' ? Number(value.normalize('NFKC')) : null);

export const actions = {
	/** A ballot cannot be taken back, so it is shown once more before it counts; `step` says what the voter wants. */
	default: formAction(
		ballotSchema.extend({ step: z.enum(['check', 'change', 'cast']).default('check') }),
		async ({ step, ...input }, { event }) => {
			const code = event.params.code ?? '';
			if (step === 'change') return { marks: input.scores };
			if (step === 'check') return { marks: input.scores, check: await checkBallot(code, input, clientAddress(event)) };
			const { projects, inTurn } = await castBallot(code, input, clientAddress(event));
			return { cast: projects, inTurn };
		},
		({ scores, step }) => ({
			...(step === undefined ? {} : { step }),
			scores: Object.fromEntries(
				Object.entries(isRecord(scores) ? scores : {}).map(([proposal, marks]) => [
					proposal,
					Object.fromEntries(Object.entries(isRecord(marks) ? marks : {}).map(([key, value]) => [key, points(value)]))
				])
			)
		})
	)
} satisfies Actions;
