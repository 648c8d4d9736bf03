import type { Actor } from '#lib/domain/accounts/types.ts';
import { loadFor } from '../access.ts';
import { asRecords, loadRecords } from '../records.ts';

/** How many of those who said how an activity was were satisfied; forms counted by hand and by code together. */
export type Satisfaction = { activities: number; forms: number; satisfied: number };

/** Satisfaction over all activities of an organization, or null while nobody was asked. */
export const organizationSatisfaction = async (actor: Actor, id: string): Promise<Satisfaction | null> => {
	const organization = await loadFor(actor, id, 'organization.read');
	const { activities } = asRecords(await loadRecords(id), organization.proposals);
	const asked = activities.filter(({ feedbackCount }) => feedbackCount > 0);
	if (asked.length === 0) return null;
	return {
		activities: asked.length,
		forms: asked.reduce((sum, { feedbackCount }) => sum + feedbackCount, 0),
		satisfied: asked.reduce((sum, { satisfiedCount }) => sum + satisfiedCount, 0)
	};
};
