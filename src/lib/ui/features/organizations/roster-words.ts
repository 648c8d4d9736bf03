import type { RosterField } from '#lib/domain/organizations/roster-import.ts';
import { m } from '#lib/i18n/generated/messages.js';

const fields: Record<RosterField, () => string> = {
	name: m.org_member_name,
	phone: m.org_member_phone,
	role: m.org_member_role,
	prospective: m.roster_prospective,
	joinedOn: m.org_member_joined,
	note: m.org_member_note
};
/** A column of a roster in words, as its export writes and its import guesses them. */
export const rosterFieldWords = (field: RosterField): string => fields[field]();
