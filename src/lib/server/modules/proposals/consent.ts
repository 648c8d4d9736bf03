import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Consent } from '#lib/domain/proposals/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { invalidField } from '#lib/server/platform/errors.ts';
import { nameOf } from './access.ts';
import type { StoredConsent } from './model.ts';

/** Whether somebody writes for a group they do not belong to (代录). */
export const writesFor = (actor: Actor, organization: string): boolean =>
	actor.kind === 'user' && !actor.grants.some(({ scopeId }) => scopeId === organization);

/**
 * The group's consent as it is kept. Undefined: it was not asked, as of a program that does not know of it.
 * @throws AppError 422 at `consent.person` where it was asked and not said, at `consent.on` for a day to come
 */
export const consentOf = (actor: Actor, said: Consent | null | undefined, at: Date): StoredConsent | null => {
	if (said === undefined) return null;
	if (said === null) throw invalidField('consent.person', 'proxy_consent_needed');
	if (said.on > dayOf(at)) throw invalidField('consent.on', 'consent_in_future');
	return { ...said, byName: nameOf(actor), at };
};

/** The consent for the log: who, how and when. */
export const consentDetail = (consent: StoredConsent | null | undefined) => (consent ? { person: consent.person, how: consent.how, on: consent.on } : null);
