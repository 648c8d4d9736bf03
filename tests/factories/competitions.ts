import type { Actor, Grant } from '#lib/domain/accounts/types.ts';
import type { CompetitionSettings } from '#lib/domain/competitions/types.ts';
import { applicationSchema } from '#lib/domain/organizations/schema.ts';
import type { ProposalDraft } from '#lib/domain/proposals/types.ts';
import { newStationSchema } from '#lib/domain/stations/schema.ts';
import { createCompetition, transitionCompetition, type CompetitionView } from '#lib/server/modules/competitions/index.ts';
import { applyForIncubation, decideApplication } from '#lib/server/modules/organizations/index.ts';
import { createStation, stationById } from '#lib/server/modules/stations/index.ts';

export type User = Extract<Actor, { kind: 'user' }>;
export const system: Actor = { kind: 'system', name: 'test' };

let made = 0;
const nextId = (): string => (made += 1).toString(16).padStart(24, '5');

/** Somebody with the given roles; no account stands behind, since commands only look at the actor. */
export const person = (name: string, ...grants: Grant[]): User => ({ kind: 'user', id: nextId(), name, grants });
export const atStation = (role: Grant['role'], scopeId: string): Grant => ({ role, scopeKind: 'station', scopeId });
export const inGroup = (role: 'leader' | 'member', scopeId: string): Grant => ({ role, scopeKind: 'organization', scopeId });

/** A city with one street station, which serves one community. */
export const makeStations = async (slug: string): Promise<{ city: string; street: string }> => {
	const station = (input: Record<string, unknown>) => createStation(system, newStationSchema.parse(input));
	const { id: city } = await station({ name: `${slug}市指导中心`, slug: `${slug}-city`, level: 'city', parent: null });
	const { id: street } = await station({
		name: `${slug}街道社工站`,
		slug,
		level: 'street',
		parent: city,
		communities: [{ key: 'meiyuan', name: '梅园社区' }]
	});
	return { city, street };
};

/** A group in incubation at a station, accepted a moment ago. */
export const makeGroup = async (station: string, name: string): Promise<{ id: string; name: string }> => {
	made += 1;
	const { id } = await applyForIncubation(
		system,
		applicationSchema.parse({
			name,
			category: 'mutual_aid',
			station,
			community: 'meiyuan',
			purpose: '帮独居老人取药、量血压。',
			memberCount: 12,
			applicantName: '周桂芳',
			applicantPhone: `139${String(made).padStart(8, '0')}`,
			consent: true
		}),
		{ address: '10.9.9.9', proxy: false }
	);
	await decideApplication(system, id, { action: 'accept', reason: '', mentor: '', secondMentor: '', version: 0 });
	return { id, name };
};

const hours = (from: Date, n: number): string => new Date(from.getTime() + n * 3_600_000).toISOString();

/** An announced competition that opened an hour ago and closes in two days; anybody incubating may apply. */
export const makeOpenCompetition = async (
	actor: Actor,
	station: string,
	slug: string,
	given: Partial<CompetitionSettings> = {},
	at = new Date()
): Promise<CompetitionView> => {
	const { path } = await stationById(station);
	const draft = await createCompetition(actor, {
		station,
		slug,
		title: `${slug} 公益创投`,
		theme: '让邻居认识邻居。',
		fund: 10_000_000,
		eligibility: {
			minStage: null,
			minFiling: 'none',
			hostAccepted: true,
			categories: [],
			catchment: [path[0] ?? station],
			onePerOrganization: true,
			noRepeatWinnerYears: 1
		},
		timeline: { announcesAt: null, opensAt: hours(at, -1), closesAt: hours(at, 48), graceSeconds: 0, scoringUntil: null },
		...given
	});
	return transitionCompetition(actor, draft.id, { to: 'announced', reason: '', version: draft.version });
};

/** A short proposal in which nothing is missing: 2,000 yuan. */
export const completeDraft = (title = '楼道里的药箱'): ProposalDraft => ({
	title,
	track: 'simple',
	answers: {
		why: '十一位独居老人取药要走四公里。',
		how: '每周二、周五，两人一组送药上门。',
		who: '队里十二人轮班，受益老人帮忙记账。',
		change: '老人不再断药；之后由队里接着做。'
	},
	budget: [
		{ category: 'activity', item: '送药保温袋', unit: '个', quantity: 20, unitPrice: 8000 },
		{ category: 'activity', item: '血压计耗材', unit: '套', quantity: 10, unitPrice: 4000 }
	],
	requested: 200_000,
	selfRaised: 0,
	withinCharter: true
});
