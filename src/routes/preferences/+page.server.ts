import { redirect } from '@sveltejs/kit';
import { chosenPreferences, preferenceCookies, returnPath } from '#lib/ui/layout/preferences/preferences.ts';
import type { Actions, PageServerLoad } from './$types';

const year = 365 * 24 * 3600;

export const load: PageServerLoad = ({ url }) => ({ returnTo: returnPath(url.searchParams.get('return')) });

export const actions: Actions = {
	default: async ({ request, cookies, url }) => {
		const form = await request.formData();
		const chosen = chosenPreferences(form);
		for (const name of ['locale', 'theme', 'text'] as const) {
			const value = chosen[name];
			// The browser's scripts read the language too; nothing here is worth hiding from them.
			if (value) {
				const secure = url.protocol === 'https:';
				cookies.set(preferenceCookies[name], value, { path: '/', maxAge: year, sameSite: 'lax', httpOnly: false, secure });
			}
		}
		redirect(303, returnPath(form.get('return')));
	}
};
