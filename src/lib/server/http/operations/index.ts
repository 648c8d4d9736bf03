import type { Operation } from '../api.ts';
import { accountOperations } from './accounts.ts';
import { competitionOperations } from './competitions.ts';
import { judgingOperations } from './judging.ts';
import { organizationOperations } from './organizations.ts';
import { proposalOperations } from './proposals.ts';
import { standardOperations } from './standards.ts';
import { stationOperations } from './stations.ts';

/** Every call of the API, in the order of the document. */
export const allOperations: readonly Operation[] = [
	...Object.values(accountOperations),
	...Object.values(stationOperations),
	...Object.values(organizationOperations),
	...Object.values(standardOperations),
	...Object.values(competitionOperations),
	...Object.values(proposalOperations),
	...Object.values(judgingOperations)
] as unknown as readonly Operation[];
