import type { Actor } from '#lib/domain/accounts/types.ts';
import type { ConflictReason } from '#lib/domain/competitions/conflicts.ts';
import type { CommitteeInput } from '#lib/domain/objections/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { newId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalid } from '#lib/server/platform/errors.ts';
import { peopleWithRole } from '../../accounts/index.ts';
import { recordAct } from '../../audit/index.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { passedProposals } from '../../proposals/index.ts';
import { chainOf } from '../access.ts';
import { conflictsOf } from '../conflicts.ts';
import { Judge, Scorecard, type JudgeDocument } from '../model.ts';
import type { ObjectionDocument } from '../objections-model.ts';
import { Decision } from '../results-model.ts';
import { change, objectionFor } from './access.ts';

/** Why somebody cannot review this objection: they decided, they scored it, or they are too close to it. */
export type Unfit = 'decided' | 'scored' | ConflictReason;
export type Candidate = { user: string; name: string; part: 'staff' | 'judge'; unfit: Unfit[] };

const staffRoles = ['head', 'worker', 'supervisor', 'finance', 'observer'] as const;

/** A person looked at like a judge, so that the same rules find what ties them to a group. */
const asJudge = (competition: string, user: string, name: string, known: JudgeDocument | undefined): JudgeDocument =>
	known ?? {
		_id: newId(),
		competition,
		user,
		name,
		phone: '',
		email: '',
		employer: '',
		expertise: [],
		cap: null,
		declared: [],
		status: 'accepted',
		createdAt: now(),
		version: 0
	};

/** Whoever took part in deciding, in any version, or published it. */
const decidersOf = async (competition: CompetitionView): Promise<Set<string>> => {
	const decision = await Decision.findById(competition.id, { deciders: 1 }).lean();
	const publishers = competition.history.flatMap(({ to, by }) => (to === 'notice' && by ? [by] : []));
	return new Set([...(decision?.deciders ?? []), ...publishers]);
};

/** People who may be asked: staff of the station and of those above it, and the competition's judges, each with what speaks against them. */
export const candidatesFor = async (competition: CompetitionView, objection: ObjectionDocument): Promise<Candidate[]> => {
	const about = objection.proposal?.id;
	const [judges, cards, deciders, ...staff] = await Promise.all([
		Judge.find({ competition: competition.id, status: 'accepted', user: { $type: 'string' } }).lean(),
		Scorecard.find({ competition: competition.id, status: 'submitted', ...(about ? { proposal: about } : {}) }, { user: 1 }).lean(),
		decidersOf(competition),
		...competition.stationPath.map((station) => peopleWithRole(station, staffRoles))
	]);
	const scored = new Set(cards.map(({ user }) => user));
	const people = new Map<string, { name: string; part: Candidate['part']; judge?: JudgeDocument }>();
	for (const { id, name } of staff.flat()) people.set(id, { name, part: 'staff' });
	for (const judge of judges) if (judge.user) people.set(judge.user, { name: judge.name, part: 'judge', judge });
	const panel = [...people].map(([user, { name, judge }]) => asJudge(competition.id, user, name, judge));
	const proposals = about ? (await passedProposals(competition.id)).filter(({ id }) => id === about) : [];
	const found = await conflictsOf(competition, panel, proposals);
	const kindsOf = new Map(found.map(({ judge, kinds }) => [judge, kinds]));
	return panel
		.map((member): Candidate => {
			const user = member.user ?? '';
			const unfit: Unfit[] = [
				...(deciders.has(user) ? (['decided'] as const) : []),
				...(scored.has(user) ? (['scored'] as const) : []),
				...(kindsOf.get(member._id.toHexString()) ?? [])
			];
			return { user, name: member.name, part: people.get(user)?.part ?? 'staff', unfit };
		})
		.sort((a, b) => a.unfit.length - b.unfit.length || (a.name < b.name ? -1 : 1));
};

/**
 * Names the review committee: at least three, an odd number, none of whom decided, scored the proposal or is close to
 * the group. It may be named again until the first vote. Whoever organizes the competition names it.
 */
export const conveneCommittee = async (actor: Actor, id: string, input: CommitteeInput): Promise<void> => {
	const { objection, competition, standing } = await objectionFor(actor, id);
	if (!standing.organizes) throw forbidden();
	if (objection.answer) throw conflict('objection_answered');
	if (objection.votes.length > 0) throw conflict('objection_voting');
	const candidates = new Map((await candidatesFor(competition, objection)).map((candidate) => [candidate.user, candidate]));
	const issues = input.members.flatMap((user, at) => {
		const candidate = candidates.get(user);
		if (!candidate) return [{ path: `members[${at}]`, code: 'committee_unknown' }];
		return candidate.unfit.length > 0 ? [{ path: `members[${at}]`, code: 'committee_unfit', params: { name: candidate.name } }] : [];
	});
	if (issues.length > 0) throw invalid(issues);
	const committee = input.members.map((user) => ({ user, name: candidates.get(user)?.name ?? '' }));
	await change(
		{ ...objection, version: input.version },
		{ $set: { committee, convenedAt: now(), status: 'reviewing' } },
		{ answer: null, votes: { $size: 0 } }
	);
	await recordAct({
		chain: chainOf(competition.id),
		actor,
		action: 'committee_convened',
		subject: id,
		detail: { receipt: objection.receipt, members: committee }
	});
};
