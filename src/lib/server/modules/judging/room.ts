import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { ConflictReason } from '#lib/domain/competitions/conflicts.ts';
import { now } from '#lib/server/platform/clock.ts';
import { newId } from '#lib/server/platform/db/index.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { peopleWithRole } from '../accounts/index.ts';
import { resourceOf, type CompetitionView } from '../competitions/index.ts';
import { passedProposals } from '../proposals/index.ts';
import { conflictsOf } from './conflicts.ts';
import { Judge, type JudgeDocument } from './model.ts';

/**
 * Working at the station a group belongs to is how an organizer comes to run its competition, so that alone sends no
 * member of staff out of the room; a judge it does, as it keeps them from scoring.
 */
const staffMayStay: readonly ConflictReason[] = ['station_staff'];

const asJudge = (competition: string, user: string): JudgeDocument => ({
	_id: newId(),
	competition,
	user,
	name: '',
	phone: '',
	email: '',
	employer: '',
	expertise: [],
	cap: null,
	declared: [],
	status: 'accepted',
	createdAt: now(),
	version: 0
});

const conflictedItems = async (competition: CompetitionView, users: readonly string[]): Promise<Map<string, Set<string>>> => {
	const [judges, proposals] = await Promise.all([
		Judge.find({ competition: competition.id, user: { $in: [...users] } }).lean(),
		passedProposals(competition.id)
	]);
	const byUser = new Map(judges.map((judge) => [judge.user ?? '', judge]));
	const panel = users.map((user) => byUser.get(user) ?? asJudge(competition.id, user));
	const found = await conflictsOf(competition, panel, proposals);
	return new Map(
		panel.map((member) => {
			const judges = byUser.has(member.user ?? '');
			const own = found.filter(
				({ judge, kinds }) => judge === member._id.toHexString() && (judges || kinds.some((kind) => !staffMayStay.includes(kind)))
			);
			return [member.user ?? '', new Set(own.map(({ proposal }) => proposal))];
		})
	);
};

// Every page of the room asks this; rosters do not change between two clicks. Nobody waits for what is found out anew.
const kept = createMemory<ReadonlySet<string>>({ freshMs: 20_000, staleMs: 40_000 });

const itemsOf = (competition: CompetitionView, user: string): Promise<ReadonlySet<string>> =>
	kept.read(`${competition.id} ${user}`, async () => (await conflictedItems(competition, [user])).get(user) ?? new Set<string>());

const none: ReadonlySet<string> = new Set();

/**
 * Proposals the actor is too close to: for these they leave the room, and no list, note, score or answer of the server
 * shows them what is said and decided there.
 */
export const leftRoomFor = async (actor: Actor, competition: CompetitionView): Promise<ReadonlySet<string>> =>
	actor.kind === 'user' ? itemsOf(competition, actor.id) : none;

/** Proposals for which nobody who may decide is left in the room; the head of the station above decides those. */
export const orphanedItems = async (competition: CompetitionView): Promise<Set<string>> => {
	const heads = await peopleWithRole(competition.station, ['head']);
	if (heads.length === 0) return new Set();
	const found = await conflictedItems(competition, heads.map(({ id }) => id));
	const [first, ...others] = heads.map(({ id }) => found.get(id) ?? new Set<string>());
	return new Set([...(first ?? [])].filter((proposal) => others.every((items) => items.has(proposal))));
};

/** What the actor may decide: everything but the items they left the room for, or (`only`) just those nobody else can. */
export type DecidingRights = { mayDecide: boolean; hidden: ReadonlySet<string>; only: ReadonlySet<string> | null };

export const decidingRights = async (actor: Actor, competition: CompetitionView): Promise<DecidingRights> => {
	const resource = resourceOf(competition);
	const hidden = await leftRoomFor(actor, competition);
	if (can(actor, 'competition.decide', resource)) return { mayDecide: true, hidden, only: null };
	if (competition.state !== 'deliberation' || !can(actor, 'deliberation.standIn', resource)) return { mayDecide: false, hidden, only: null };
	const only = new Set([...(await orphanedItems(competition))].filter((proposal) => !hidden.has(proposal)));
	return { mayDecide: only.size > 0, hidden, only };
};

/** Plain data without the items of these proposals, wherever they are listed: by id, or as records with a `proposal`. */
export const withoutItems = <T>(value: T, hidden: ReadonlySet<string>): T => {
	const isHidden = (item: unknown): boolean =>
		typeof item === 'string' ? hidden.has(item) : typeof item === 'object' && item !== null && 'proposal' in item && hidden.has(String(item.proposal));
	const clean = (item: unknown): unknown => {
		if (Array.isArray(item)) return item.filter((one) => !isHidden(one)).map(clean);
		if (typeof item !== 'object' || item === null || item instanceof Date) return item;
		return Object.fromEntries(Object.entries(item).flatMap(([key, one]) => (hidden.has(key) || isHidden(one) ? [] : [[key, clean(one)]])));
	};
	return hidden.size === 0 ? value : (clean(value) as T);
};
