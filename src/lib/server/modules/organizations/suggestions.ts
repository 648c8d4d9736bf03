import { addDays, dayOf } from '#lib/domain/shared/days.ts';
import { recordFacts } from '#lib/domain/organizations/record-facts.ts';
import { suggestLevels, type Suggestion } from '#lib/domain/organizations/suggestion.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { OrganizationDocument } from './model.ts';
import { Activity } from './records-model.ts';
import { asRecords, loadRecords, type StoredRecords } from './records.ts';
import { cityOf, maturityModelAt } from './standards.ts';

/** What the record says about the levels of an organization, by a version of its city's model: five reads. */
export const suggestionsFor = async (
	organization: OrganizationDocument,
	modelVersion: number,
	loaded?: StoredRecords
): Promise<Suggestion[]> => {
	const id = organization._id.toHexString();
	const at = now();
	const [model, stored, reflections] = await Promise.all([
		maturityModelAt(cityOf(organization), modelVersion),
		loaded ?? loadRecords(id),
		Activity.countDocuments({ organization: id, deletedAt: null, heldOn: { $gt: addDays(dayOf(at), -365), $lte: dayOf(at) }, reflection: { $ne: '' } })
	]);
	const awards = organization.history.filter(({ action }) => action === 'award_published').length;
	const facts = recordFacts(asRecords(stored, organization.proposals), { filing: organization.filing, awards, reflections }, at);
	return suggestLevels(model, facts);
};
