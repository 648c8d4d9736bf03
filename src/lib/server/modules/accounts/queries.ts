import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor, Grant } from '#lib/domain/accounts/types.ts';
import { toIds } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { inOneRead } from '#lib/server/platform/one-read.ts';
import { loginName } from './login-name.ts';
import { User } from './model.ts';

/** The actor's own account, for the settings page. */
export const ownAccount = async (
	actor: Actor
): Promise<{ id: string; name: string; email: string | null; phone: string | null; loginNames: string[]; grants: Grant[] }> => {
	if (actor.kind !== 'user' || !can(actor, 'account.self', { owner: actor.id })) throw forbidden();
	const user = await User.findById(actor.id).lean();
	if (!user) throw notFound();
	return { id: actor.id, name: user.name, email: user.email, phone: user.phone, loginNames: user.loginNames, grants: user.grants };
};

const names = createMemory<string | null>({ freshMs: 5000, most: 5000, worth: (name) => name !== null });
const readNames = inOneRead(async (ids) => {
	const users = await User.find({ _id: { $in: toIds(ids) } }, { name: 1 }).lean();
	return new Map(users.map((user) => [user._id.toHexString(), user.name]));
});

/** Names of people by id, for other modules' pages, at most five seconds old; unknown ids are left out. */
export const namesOf = async (ids: readonly string[]): Promise<Map<string, string>> => {
	toIds(ids);
	const found = await Promise.all(
		[...new Set(ids)].map(async (id) => [id, await names.read(id, async () => (await readNames(id)) ?? null)] as const)
	);
	return new Map(found.flatMap(([id, name]) => (name === null ? [] : [[id, name] as const])));
};

/** A person's facts that other modules need for rights and conflicts of interest. */
export type PersonFacts = {
	id: string;
	name: string;
	phone: string | null;
	employer: string;
	household: string;
	expertise: string[];
	grants: Grant[];
};

/** Facts of several people at once, in no particular order. */
export const factsOf = async (ids: readonly string[]): Promise<PersonFacts[]> => {
	const users = await User.find({ _id: { $in: toIds([...new Set(ids)]) } }).lean();
	return users.map((user) => ({
		id: user._id.toHexString(),
		name: user.name,
		phone: user.phone,
		employer: user.employer,
		household: user.household,
		expertise: user.expertise,
		grants: user.grants
	}));
};

/** People who hold one of the roles in a scope, by name. */
export const peopleWithRole = async (
	scopeId: string,
	roles: readonly Grant['role'][]
): Promise<{ id: string; name: string; roles: Grant['role'][] }[]> => {
	const users = await User.find(
		{ grants: { $elemMatch: { scopeId, role: { $in: [...roles] } } }, disabledAt: null },
		{ name: 1, grants: 1 }
	)
		.sort({ name: 1 })
		.limit(500)
		.lean();
	return users.map((user) => ({
		id: user._id.toHexString(),
		name: user.name,
		roles: user.grants.filter((grant) => grant.scopeId === scopeId).map((grant) => grant.role)
	}));
};

/** The account a login name opens, or null. For commands that must not make a second one. */
export const userByLogin = async (login: string): Promise<{ id: string; name: string } | null> => {
	const user = await User.findOne({ loginNames: loginName(login) }, { name: 1 }).lean();
	return user ? { id: user._id.toHexString(), name: user.name } : null;
};

/** Whether there is any account at all (an empty store gets demo data or a first administrator). */
export const anyAccount = async (): Promise<boolean> => (await User.exists({})) !== null;
