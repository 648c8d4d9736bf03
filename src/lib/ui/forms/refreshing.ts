import { invalidateAll } from '$app/navigation';
import type { SubmitFunction } from '@sveltejs/kit';

/**
 * For `use:enhance` on forms that change something others may change too: after a refusal the page's data are loaded
 * anew, as they are without JavaScript, so that a stale edit shows the present state and its next try is based on it.
 * What was typed stays.
 */
export const refreshing: SubmitFunction = () => async ({ result, update }) => {
	await update();
	if (result.type === 'failure') await invalidateAll();
};
