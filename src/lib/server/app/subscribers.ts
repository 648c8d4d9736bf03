import { wireJudging } from '#lib/server/modules/judging/index.ts';
import { subscribeOrganizations } from '#lib/server/modules/organizations/index.ts';
import { registerScreeningGuard } from '#lib/server/modules/proposals/index.ts';

/** Connects the modules' reactions to events and their conditions on each other's steps; called once at start. */
export const wireSubscribers = (): void => {
	subscribeOrganizations();
	registerScreeningGuard();
	wireJudging();
};
