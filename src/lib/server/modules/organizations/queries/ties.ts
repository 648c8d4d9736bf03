import { readRows, toIds, type Id } from '#lib/server/platform/db/index.ts';
import { Organization, type OrganizationDocument } from '../model.ts';
import { Member, type MemberDocument } from '../records-model.ts';

/** What conflicts of interest depend on: where a group is at home, who mentors it, and who of its people has an account. */
export type OrganizationTies = {
	id: string;
	station: string;
	mentor: string | null;
	secondMentor: string | null;
	/** Accounts of those on the roster now. */
	users: string[];
};

const organizationFields = { station: 1, mentor: 1, secondMentor: 1 } as const;
const memberFields = { organization: 1, userId: 1 } as const;
type OrganizationRow = Pick<OrganizationDocument, keyof typeof organizationFields> & { _id: Id };
type MemberRow = { organization: string; userId: string | null };

/** From so many organizations on it is less work to read everybody who has an account: most on the rosters have none. */
const many = 200;
const atOnce = 20_000;

/** Ties of several organizations at once, for finding conflicts of interest; two narrow reads. Unknown ids are left out. */
export const organizationTies = async (ids: readonly string[]): Promise<Map<string, OrganizationTies>> => {
	const wanted = [...new Set(ids)];
	const ties = new Map<string, OrganizationTies>();
	for (let at = 0; at < wanted.length; at += atOnce) {
		const _id = { $in: toIds(wanted.slice(at, at + atOnce)) };
		const rows = await readRows<OrganizationRow, OrganizationDocument>(Organization, { filter: { _id }, fields: organizationFields, limit: atOnce });
		for (const { _id: own, station, mentor, secondMentor } of rows)
			ties.set(own.toHexString(), { id: own.toHexString(), station, mentor, secondMentor, users: [] });
	}
	const who = wanted.length > many ? { userId: { $gt: '' } } : { organization: { $in: wanted } };
	const members = await Member.find({ ...who, leftOn: '' }, memberFields).lean<Pick<MemberDocument, keyof MemberRow>[]>();
	for (const { organization, userId } of members) if (userId) ties.get(organization)?.users.push(userId);
	return ties;
};
