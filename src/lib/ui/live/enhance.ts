import { m } from '#lib/i18n/generated/messages.js';
import { readFlat, refresh, showAnswer, visit } from './live-page.ts';

type Answer =
	| { type: 'success' | 'failure'; status: number; data?: string }
	| { type: 'redirect'; location: string }
	| { type: 'error'; error?: { message?: string } };
/** Shows the answer; `reset` empties the form once what it held was taken (the default). */
type Update = (options?: { reset?: boolean }) => Promise<void>;
type Before = (given: { formData: FormData; cancel: () => void }) => void | ((given: { update: Update }) => Promise<void>);

const post = async (form: HTMLFormElement, body: FormData, submitter: HTMLElement | null): Promise<Answer> => {
	const action = submitter?.getAttribute('formaction') ?? form.getAttribute('action') ?? '';
	try {
		const response = await fetch(new URL(action, location.href), {
			method: 'POST',
			headers: { accept: 'application/json', 'x-sveltekit-action': 'true' },
			// Fields without files go out as a plain form sends them.
			body: form.enctype === 'multipart/form-data' ? body : new URLSearchParams([...body].map(([name, value]) => [name, String(value)])),
			cache: 'no-store'
		});
		return (await response.json()) as Answer;
	} catch {
		return { type: 'error' };
	}
};

const show = async (answer: Answer): Promise<void> => {
	if (answer.type === 'redirect') {
		const { pathname, search } = new URL(answer.location, location.href);
		if (pathname + search !== location.pathname + location.search || !(await refresh())) return visit(answer.location);
		showAnswer(null, 200);
	} else if (answer.type === 'error') {
		showAnswer({ code: 'unsent', errors: {}, values: {}, message: answer.error?.message ?? m.common_not_sent() }, 500);
	} else {
		const data = answer.data ? await readFlat(JSON.parse(answer.data)) : undefined;
		if (answer.type === 'success') await refresh();
		showAnswer(data, answer.status);
	}
};

/**
 * Sends a form without leaving the page. Without scripts it is the plain form it is.
 * @param before sees what is about to be sent and may cancel it; what it returns is called with the answer instead of
 * showing it at once
 */
export const enhance = (form: HTMLFormElement, before: Before = () => undefined): { destroy: () => void } => {
	const send = async (event: SubmitEvent): Promise<void> => {
		event.preventDefault();
		const formData = new FormData(form, event.submitter);
		let cancelled = false;
		const after = before({ formData, cancel: () => (cancelled = true) });
		if (cancelled) return;
		const answer = await post(form, formData, event.submitter);
		const update: Update = async ({ reset = true } = {}) => {
			if (reset && (answer.type === 'success' || answer.type === 'redirect')) form.reset();
			await show(answer);
		};
		await (after ? after({ update }) : update());
	};
	const listen = (event: SubmitEvent): void => void send(event);
	form.addEventListener('submit', listen);
	return { destroy: () => form.removeEventListener('submit', listen) };
};
