/** Conflicts of interest between a judge and a proposal, found from recorded facts. */

/** Somebody who left an organization stays in conflict with it this long. */
export const LEFT_RECENTLY_YEARS = 2;

export type OrganizationRole = 'member' | 'leader' | 'mentor' | 'supervisor' | 'payee';

export const conflictReasons = [
	'member',
	'leader',
	'mentor',
	'supervisor',
	'payee',
	'left_recently',
	'co_member',
	'same_household',
	'same_employer',
	'station_staff',
	'applicant',
	'declared'
] as const;
export type ConflictReason = (typeof conflictReasons)[number];

export interface Tie {
	organizationId: string;
	role: OrganizationRole;
	/** ISO 8601; null while it lasts. */
	endedAt: string | null;
}

/** A person as far as conflicts go. */
export interface PersonFacts {
	personId: string;
	householdId: string | null;
	employerIds: readonly string[];
}

export interface JudgeFacts extends PersonFacts {
	/** Every present and past tie to an organization. */
	ties: readonly Tie[];
	/** Stations the judge works for. */
	staffOfStationIds: readonly string[];
	/** Competitions in which the judge has a hand in a proposal. */
	applicantInCompetitionIds: readonly string[];
	/** Proposals and organizations the judge declared a conflict with. */
	declaredIds: readonly string[];
}

export interface ProposalFacts {
	proposalId: string;
	competitionId: string;
	organizationId: string;
	/** Home station of the organization. */
	stationId: string;
	/** The group's present people: leader, co-authors, members. */
	people: readonly (PersonFacts & {
		/** Other organizations they are members of. */
		memberOfIds: readonly string[];
	})[];
}

/** The time after which an ended tie no longer counts. */
function addYears(iso: string, years: number): number {
	const date = new Date(iso);
	date.setUTCFullYear(date.getUTCFullYear() + years);
	return date.getTime();
}

/**
 * Reasons why this judge may not judge this proposal, in the order of {@link conflictReasons}; empty when there is none.
 * @param now ISO 8601
 */
export function findConflicts(judge: JudgeFacts, proposal: ProposalFacts, now: string): ConflictReason[] {
	const at = Date.parse(now);
	const found = new Set<ConflictReason>();
	const current = (tie: Tie) => tie.endedAt === null || Date.parse(tie.endedAt) > at;
	const ownGroups = new Set<string>();
	for (const tie of judge.ties) {
		if (tie.organizationId === proposal.organizationId) {
			if (current(tie)) found.add(tie.role);
			else if (tie.endedAt !== null && addYears(tie.endedAt, LEFT_RECENTLY_YEARS) > at)
				found.add('left_recently');
		} else if (current(tie) && (tie.role === 'member' || tie.role === 'leader')) {
			ownGroups.add(tie.organizationId);
		}
	}
	const employers = new Set(judge.employerIds);
	for (const person of proposal.people) {
		if (person.personId === judge.personId) {
			found.add('member');
			continue;
		}
		if (judge.householdId !== null && person.householdId === judge.householdId) found.add('same_household');
		if (person.employerIds.some((id) => employers.has(id))) found.add('same_employer');
		if (person.memberOfIds.some((id) => ownGroups.has(id))) found.add('co_member');
	}
	if (judge.staffOfStationIds.includes(proposal.stationId)) found.add('station_staff');
	if (judge.applicantInCompetitionIds.includes(proposal.competitionId)) found.add('applicant');
	const declared = new Set(judge.declaredIds);
	if (declared.has(proposal.proposalId) || declared.has(proposal.organizationId)) found.add('declared');
	return conflictReasons.filter((reason) => found.has(reason));
}
