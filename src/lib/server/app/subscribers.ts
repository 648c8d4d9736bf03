import { wireJudging } from '#lib/server/modules/judging/index.ts';
import { subscribeOrganizations } from '#lib/server/modules/organizations/index.ts';

/** Connects the modules' reactions to events; called once at start. */
export const wireSubscribers = (): void => {
	subscribeOrganizations();
	wireJudging();
};
