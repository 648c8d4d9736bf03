import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { defaultGroup } from '#lib/domain/judging/groups.ts';
import type { JudgeStatus } from '#lib/domain/judging/types.ts';
import { resourceOf } from '../../competitions/index.ts';
import { competitionFor } from '../access.ts';
import { conflictsOf, type FoundConflict } from '../conflicts.ts';
import { heldPairs, pairKey, type HeldStatus } from '../held-conflicts.ts';
import { passedProposals } from '../../proposals/index.ts';
import { Judge, Scorecard, type JudgeDocument } from '../model.ts';

/** A judge as the organizer sees them, with how far they are; no scores. */
export type JudgeRow = {
	id: string;
	user: string | null;
	name: string;
	phone: string;
	email: string;
	employer: string;
	expertise: string[];
	cap: number | null;
	group: string;
	status: JudgeStatus;
	declared: { proposal: string; reason: string; at: Date; by: string }[];
	assigned: number;
	started: number;
	submitted: number;
	recused: number;
	version: number;
};

type Counts = Pick<JudgeRow, 'assigned' | 'started' | 'submitted' | 'recused'>;

/** Scorecards by judge and status; `assigned` counts all that still are to be scored or have been. */
export const countsByJudge = async (competition: string): Promise<Map<string, Counts>> => {
	const groups = await Scorecard.aggregate<{ _id: { judge: string; status: string }; n: number }>([
		{ $match: { competition } },
		{ $group: { _id: { judge: '$judge', status: '$status' }, n: { $sum: 1 } } }
	]);
	const counts = new Map<string, Counts>();
	for (const { _id, n } of groups) {
		const own = counts.get(_id.judge) ?? { assigned: 0, started: 0, submitted: 0, recused: 0 };
		if (_id.status === 'recused') own.recused += n;
		else own.assigned += n;
		if (_id.status === 'draft') own.started += n;
		if (_id.status === 'submitted') own.submitted += n;
		counts.set(_id.judge, own);
	}
	return counts;
};

const none: Counts = { assigned: 0, started: 0, submitted: 0, recused: 0 };

const view = (judge: JudgeDocument, counts: Counts, contacts: boolean): JudgeRow => ({
	id: judge._id.toHexString(),
	user: judge.user,
	name: judge.name,
	phone: contacts ? judge.phone : '',
	email: contacts ? judge.email : '',
	employer: judge.employer,
	expertise: judge.expertise,
	cap: judge.cap,
	group: judge.group ?? defaultGroup,
	status: judge.status,
	declared: judge.declared.map(({ proposal, reason, at, by }) => ({ proposal, reason, at, by })),
	...counts,
	version: judge.version
});

/**
 * The judges of a competition by name, without removed ones, with their contacts for those who run it. A competition
 * has at most a few hundred.
 */
export const listJudges = async (actor: Actor, competitionId: string): Promise<JudgeRow[]> => {
	const competition = await competitionFor(actor, competitionId, 'competition.readWork');
	const contacts = can(actor, 'competition.manage', resourceOf(competition));
	const [judges, counts] = await Promise.all([
		Judge.find({ competition: competitionId, status: { $ne: 'removed' } })
			.sort({ competition: 1, name: 1, _id: 1 })
			.limit(1000)
			.lean(),
		countsByJudge(competitionId)
	]);
	return judges.map((judge) => view(judge, counts.get(judge._id.toHexString()) ?? none, contacts));
};

/** A pair that must not meet, in words for a table; `held` is the furthest scorecard the judge has of it all the same. */
export type ConflictRow = FoundConflict & { judgeName: string; number: string; title: string; organizationName: string; held: HeldStatus | null };

/** Every conflict of interest among the judges and proposals of a competition, declared and found from the records: those to be dealt with first. */
export const detectedConflicts = async (actor: Actor, competitionId: string): Promise<ConflictRow[]> => {
	const competition = await competitionFor(actor, competitionId, 'competition.readWork');
	const [judges, proposals, held] = await Promise.all([
		Judge.find({ competition: competitionId, status: { $ne: 'removed' } }).lean(),
		passedProposals(competitionId),
		heldPairs(competitionId)
	]);
	const names = new Map(judges.map((judge) => [judge._id.toHexString(), judge.name]));
	const byId = new Map(proposals.map((proposal) => [proposal.id, proposal]));
	const rows = (await conflictsOf(competition, judges, proposals)).map((found) => ({
		...found,
		held: held.get(pairKey(found)) ?? null,
		judgeName: names.get(found.judge) ?? '',
		number: byId.get(found.proposal)?.number ?? '',
		title: byId.get(found.proposal)?.title ?? '',
		organizationName: byId.get(found.proposal)?.organizationName ?? ''
	}));
	return rows.sort((a, b) => Number(b.held !== null) - Number(a.held !== null));
};
