import { randomBytes } from 'node:crypto';
import { fail, redirect, type Cookies } from '@sveltejs/kit';
import { issuesOfQuestion, readResponse } from '#lib/domain/surveys/answers.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { readForm, readFormData, type FormValue } from '#lib/server/http/form-data.ts';
import { failForm } from '#lib/server/http/forms.ts';
import { freshId } from '#lib/server/http/fresh-id.ts';
import { forPage } from '#lib/server/http/guards.ts';
import { fieldErrors } from '#lib/server/http/messages.ts';
import { clientAddress } from '#lib/server/http/session-handle.ts';
import { publicSurvey, respond } from '#lib/server/modules/surveys/index.ts';
import type { Actions, PageServerLoad } from './$types';
import { stepsOf } from './steps.ts';

const cookieName = 'miaopu_device';
const keptSeconds = 180 * 86_400;
const deviceOf = (cookies: Cookies): string => (/^[0-9a-f]{24}$/.test(cookies.get(cookieName) ?? '') ? (cookies.get(cookieName) ?? '') : '');

/** A mark for this browser, so that it is asked before it answers twice. It says nothing about the person. */
const markDevice = (cookies: Cookies, url: URL): string => {
	const device = deviceOf(cookies) || randomBytes(12).toString('hex');
	cookies.set(cookieName, device, { path: '/s', httpOnly: true, sameSite: 'lax', secure: url.protocol === 'https:', maxAge: keptSeconds });
	return device;
};

export const load: PageServerLoad = async ({ locals, params, cookies, url }) => ({
	survey: await forPage(publicSurvey(locals.actor, params.token, deviceOf(cookies))),
	entry: freshId(),
	another: url.searchParams.has('another')
});

const recordOf = (value: FormValue | undefined): Record<string, unknown> => (typeof value === 'object' && !Array.isArray(value) ? value : {});
const numberOf = (value: FormValue | undefined): number => (typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : 0);

export const actions = {
	default: async (event) => {
		const { locals, params, cookies, request, url } = event;
		let values: Record<string, FormValue> = {};
		try {
			values = readFormData(await readForm(request));
			const revision = numberOf(values.revision);
			const survey = await publicSurvey(locals.actor, params.token, deviceOf(cookies), revision);
			const { questions } = survey;
			const sent = { answers: recordOf(values.answers), contact: recordOf(values.contact), revision };
			const { issues } = readResponse(questions, sent, 'sent');
			const last = stepsOf(survey).length - 1;
			const show = (at: number) => ({ at: Math.min(Math.max(at, 0), last), values, questions, revision });
			const go = typeof values.go === 'string' ? values.go : 'send';
			const at = Math.min(numberOf(values.at), last);
			const asked = stepsOf(survey)[at]?.questions ?? [];
			if (/^step-\d{1,2}$/.test(go)) return show(Number(go.slice(5)));
			if (go === 'next') {
				const wrong = asked.flatMap((question) => issuesOfQuestion(question, issues));
				return wrong.length > 0 ? fail(422, { ...show(at), errors: fieldErrors(wrong) }) : show(at + 1);
			}
			if (issues.length > 0) {
				// Back to the first page with something to put right.
				const first = stepsOf(survey).findIndex((step) => step.questions.some((question) => issuesOfQuestion(question, issues).length > 0));
				return fail(422, { ...show(first < 0 ? at : first), errors: fieldErrors(issues) });
			}
			try {
				const device = markDevice(cookies, url);
				const entry = typeof values.entry === 'string' && /^[0-9a-f]{24}$/.test(values.entry) ? values.entry : freshId();
				const another = values.another === 'on';
				await respond(params.token, { ...sent, entry, another }, { device, address: clientAddress(event) });
			} catch (error) {
				if (!(error instanceof AppError)) throw error;
				if (error.kind === 'rate_limited') event.setHeaders({ 'Retry-After': String(error.retryAfter ?? 60) });
				const failed = failForm(error, values);
				return fail(failed.status, { ...show(last), errors: failed.data.errors, message: failed.data.message, code: error.code, seconds: error.retryAfter ?? 0 });
			}
		} catch (error) {
			return failForm(error, values);
		}
		redirect(303, `/s/${params.token}/thanks`);
	}
} satisfies Actions;
