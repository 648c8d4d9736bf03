import type { organizationFacts } from '../organizations/index.ts';

/** What proposals need to know of a group. */
export type ApplicantFacts = Awaited<ReturnType<typeof organizationFacts>>;
