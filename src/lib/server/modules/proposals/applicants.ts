import { notFound } from '#lib/server/platform/errors.ts';
import { organizationFacts, type OrganizationFacts } from '../organizations/index.ts';

/** What proposals need to know of a group. */
export type ApplicantFacts = OrganizationFacts;

/** The facts of an applying group; 404 when there is no such group. */
export const applicantFacts = async (id: string): Promise<ApplicantFacts> => {
	const facts = await organizationFacts(id);
	if (!facts) throw notFound();
	return facts;
};
