import {
	findConflicts,
	type ConflictReason,
	type JudgeFacts,
	type ProposalFacts,
	type Tie
} from '#lib/domain/competitions/conflicts.ts';
import { now } from '#lib/server/platform/clock.ts';
import { factsOf, type PersonFacts } from '../accounts/index.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { membershipsOf, organizationTies, type Membership, type OrganizationTies } from '../organizations/index.ts';
import type { PassedProposal } from '../proposals/index.ts';
import type { JudgeDocument } from './model.ts';

/** A pair that must not meet: `kinds` in the order of the rules, `reason` where somebody declared one. */
export type FoundConflict = { judge: string; proposal: string; kinds: ConflictReason[]; reason: string };

const staffRoles = ['head', 'worker', 'supervisor', 'finance'];

const add = <K>(index: Map<K, Set<string>>, key: K, value: string): void => {
	const known = index.get(key);
	if (known) known.add(value);
	else index.set(key, new Set([value]));
};

/** Employers are typed by hand: white space and letter case do not tell two of them apart. */
const employersOf = (...texts: (string | undefined)[]): string[] => [
	...new Set(texts.map((text) => (text ?? '').replace(/\s+/g, '').toLowerCase()).filter((text) => text !== ''))
];

/** The facts all pairs are checked against, read with four queries whatever their number. */
const gather = async (judges: readonly JudgeDocument[], proposals: readonly PassedProposal[]) => {
	const organizations = await organizationTies(proposals.map((proposal) => proposal.organization));
	const members = [...organizations.values()].flatMap(({ users: own }) => own);
	const users = [...new Set([...judges.flatMap(({ user }) => (user ? [user] : [])), ...members])];
	const [facts, memberships] = await Promise.all([factsOf(users), membershipsOf(users)]);
	const byUser = new Map<string, Membership[]>();
	for (const membership of memberships) {
		const own = byUser.get(membership.userId);
		if (own) own.push(membership);
		else byUser.set(membership.userId, [membership]);
	}
	return { organizations, facts: new Map(facts.map((person) => [person.id, person])), memberships: byUser };
};
type Gathered = Awaited<ReturnType<typeof gather>>;

const tiesOf = (user: string, person: PersonFacts | undefined, gathered: Gathered): Tie[] => {
	const roster = (gathered.memberships.get(user) ?? []).map(
		({ organization, role, leftOn }): Tie => ({
			organizationId: organization,
			role: role === 'leader' ? 'leader' : 'member',
			endedAt: leftOn === '' ? null : `${leftOn}T00:00:00+08:00`
		})
	);
	const grants = (person?.grants ?? []).flatMap((grant): Tie[] =>
		grant.scopeKind === 'organization' && grant.scopeId !== null && (grant.role === 'leader' || grant.role === 'member')
			? [{ organizationId: grant.scopeId, role: grant.role, endedAt: null }]
			: []
	);
	const mentored = [...gathered.organizations.values()].flatMap((organization): Tie[] =>
		organization.mentor === user || organization.secondMentor === user
			? [{ organizationId: organization.id, role: 'mentor', endedAt: null }]
			: []
	);
	return [...roster, ...grants, ...mentored];
};

const judgeFacts = (judge: JudgeDocument, proposals: readonly PassedProposal[], gathered: Gathered): JudgeFacts => {
	const person = judge.user ? gathered.facts.get(judge.user) : undefined;
	const ties = judge.user ? tiesOf(judge.user, person, gathered) : [];
	const groups = new Set(ties.filter((tie) => tie.role !== 'mentor' && tie.endedAt === null).map((tie) => tie.organizationId));
	const applies = proposals.find((proposal) => groups.has(proposal.organization));
	return {
		personId: judge.user ?? judge._id.toHexString(),
		householdId: person?.household ? person.household : null,
		employerIds: employersOf(judge.employer, person?.employer),
		ties,
		staffOfStationIds: (person?.grants ?? []).flatMap((grant) =>
			grant.scopeKind === 'station' && grant.scopeId !== null && staffRoles.includes(grant.role) ? [grant.scopeId] : []
		),
		applicantInCompetitionIds: applies ? [judge.competition] : [],
		declaredIds: judge.declared.map(({ proposal }) => proposal)
	};
};

const proposalFacts = (
	competition: CompetitionView,
	proposal: PassedProposal,
	organization: OrganizationTies | undefined,
	gathered: Gathered
): ProposalFacts => ({
	proposalId: proposal.id,
	competitionId: competition.id,
	organizationId: proposal.organization,
	stationId: organization?.station ?? '',
	people: (organization?.users ?? []).flatMap((user) => {
		const person = gathered.facts.get(user);
		return person
			? [
					{
						personId: person.id,
						householdId: person.household === '' ? null : person.household,
						employerIds: employersOf(person.employer),
						memberOfIds: (gathered.memberships.get(person.id) ?? [])
							.filter(({ leftOn, organization: other }) => leftOn === '' && other !== proposal.organization)
							.map((membership) => membership.organization)
					}
				]
			: [];
	})
});

/** Looks only at the pairs that share anything: with hundreds of judges and thousands of proposals few do. */
const candidateIndex = (all: readonly ProposalFacts[]) => {
	const index = {
		organization: new Map<string, Set<string>>(),
		station: new Map<string, Set<string>>(),
		person: new Map<string, Set<string>>(),
		household: new Map<string, Set<string>>(),
		employer: new Map<string, Set<string>>(),
		group: new Map<string, Set<string>>()
	};
	for (const proposal of all) {
		add(index.organization, proposal.organizationId, proposal.proposalId);
		add(index.station, proposal.stationId, proposal.proposalId);
		for (const person of proposal.people) {
			add(index.person, person.personId, proposal.proposalId);
			if (person.householdId !== null) add(index.household, person.householdId, proposal.proposalId);
			for (const employer of person.employerIds) add(index.employer, employer, proposal.proposalId);
			for (const group of person.memberOfIds) add(index.group, group, proposal.proposalId);
		}
	}
	return (judge: JudgeFacts): Set<string> => {
		if (judge.applicantInCompetitionIds.length > 0) return new Set(all.map((proposal) => proposal.proposalId));
		const sets = [
			...judge.ties.flatMap(({ organizationId }) => [index.organization.get(organizationId), index.group.get(organizationId)]),
			...judge.staffOfStationIds.map((station) => index.station.get(station)),
			index.person.get(judge.personId),
			judge.householdId === null ? undefined : index.household.get(judge.householdId),
			...judge.employerIds.map((employer) => index.employer.get(employer))
		];
		return new Set([...sets.flatMap((set) => [...(set ?? [])]), ...judge.declaredIds]);
	};
};

/** Every conflict of interest among these judges and proposals: declared ones and those the records show. */
export const conflictsOf = async (
	competition: CompetitionView,
	judges: readonly JudgeDocument[],
	proposals: readonly PassedProposal[]
): Promise<FoundConflict[]> => {
	const gathered = await gather(judges, proposals);
	const facts = new Map(
		proposals.map((proposal) => [
			proposal.id,
			proposalFacts(competition, proposal, gathered.organizations.get(proposal.organization), gathered)
		])
	);
	const candidates = candidateIndex([...facts.values()]);
	const at = now().toISOString();
	return judges.flatMap((judge) => {
		const own = judgeFacts(judge, proposals, gathered);
		return [...candidates(own)].flatMap((id): FoundConflict[] => {
			const proposal = facts.get(id);
			const kinds = proposal ? findConflicts(own, proposal, at) : [];
			const reason = judge.declared.find((declared) => declared.proposal === id)?.reason ?? '';
			return kinds.length > 0 ? [{ judge: judge._id.toHexString(), proposal: id, kinds, reason }] : [];
		});
	});
};

/** Expertise match of a pair, 0 … 1: the share of the judge's fields that the proposal's own words mention. */
export const affinityOf = (
	judges: readonly JudgeDocument[],
	proposals: readonly PassedProposal[]
): { judge: string; proposal: string; score: number }[] => {
	const texts = proposals.map((proposal) => ({
		id: proposal.id,
		text: `${proposal.title}\n${proposal.organizationName}`.toLowerCase()
	}));
	return judges.flatMap((judge) => {
		const fields = judge.expertise.map((field) => field.toLowerCase()).filter((field) => field !== '');
		if (fields.length === 0) return [];
		return texts.flatMap(({ id, text }) => {
			const hits = fields.filter((field) => text.includes(field)).length;
			return hits > 0 ? [{ judge: judge._id.toHexString(), proposal: id, score: hits / fields.length }] : [];
		});
	});
};
