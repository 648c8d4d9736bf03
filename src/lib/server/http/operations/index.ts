import type { Operation } from '../api.ts';
import { accountOperations } from './accounts.ts';
import { competitionOperations } from './competitions.ts';
import { groupToolOperations } from './group-tools.ts';
import { judgingOperations } from './judging.ts';
import { objectionOperations } from './objections.ts';
import { organizationOperations } from './organizations.ts';
import { panelOperations } from './panel.ts';
import { pitchOperations } from './pitch.ts';
import { proposalOperations } from './proposals.ts';
import { stationWorkOperations } from './station-work.ts';
import { standardOperations } from './standards.ts';
import { stationOperations } from './stations.ts';
import { surveyOperations } from './surveys.ts';

/** Every call of the API, in the order of the document. */
export const allOperations: readonly Operation[] = [
	...Object.values(accountOperations),
	...Object.values(stationOperations),
	...Object.values(organizationOperations),
	...Object.values(groupToolOperations),
	...Object.values(stationWorkOperations),
	...Object.values(surveyOperations),
	...Object.values(standardOperations),
	...Object.values(competitionOperations),
	...Object.values(proposalOperations),
	...Object.values(judgingOperations),
	...Object.values(panelOperations),
	...Object.values(pitchOperations),
	...Object.values(objectionOperations)
] as unknown as readonly Operation[];
