import { Member } from '../records-model.ts';

/** A person's place on a roster, present or past. Days in Shanghai; `leftOn` is '' while it lasts. */
export type Membership = { userId: string; organization: string; role: string; joinedOn: string; leftOn: string };

/** Present and past memberships of several people by account, for finding conflicts of interest; one read. */
export const membershipsOf = async (users: readonly string[]): Promise<Membership[]> => {
	if (users.length === 0) return [];
	const members = await Member.find(
		{ userId: { $in: [...new Set(users)] } },
		{ userId: 1, organization: 1, role: 1, joinedOn: 1, leftOn: 1 }
	).lean();
	return members.flatMap(({ userId, organization, role, joinedOn, leftOn }) =>
		userId ? [{ userId, organization, role, joinedOn, leftOn }] : []
	);
};
