import { m } from '#lib/i18n/generated/messages.js';
import { isOf, keptRecords } from './scorecard-content.ts';

/**
 * Signing out forgets the kept pages, and what was not sent waits for this judge's next visit: said before, not after.
 * The answer ends the watch.
 */
export const guardSignOut = (owner: string): (() => void) => {
	const leaving = (event: SubmitEvent): void => {
		const form = event.target;
		if (!(form instanceof HTMLFormElement) || !form.action.endsWith('/logout') || 'sure' in form.dataset) return;
		const ids = keptRecords().flatMap(({ id, record }) => (isOf(owner, record) ? [id] : []));
		const n = ids.filter((id, at) => ids.indexOf(id) === at).length;
		if (n > 0 && !confirm(m.score_sign_out_unsent({ n }))) event.preventDefault();
	};
	document.addEventListener('submit', leaving, true);
	return () => document.removeEventListener('submit', leaving, true);
};
