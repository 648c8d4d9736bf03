import type { Consent } from '#lib/domain/proposals/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { getLocale } from '#lib/i18n/generated/runtime.js';
import { formatDate } from '#lib/ui/format.ts';

/** How somebody agreed, in a word. */
export const consentWay = (how: Consent['how']): string =>
	({ on_site: m.prop_consent_on_site, phone: m.prop_consent_phone, paper: m.prop_consent_paper })[how]();

/** The group's consent to proxy entry in one line, or that none was recorded. */
export const consentText = (consent: (Consent & { byName: string }) | null): string =>
	consent
		? m.prop_consent_said({ person: consent.person, how: consentWay(consent.how), on: formatDate(new Date(`${consent.on}T00:00:00+08:00`), getLocale()), name: consent.byName })
		: m.prop_consent_none();
