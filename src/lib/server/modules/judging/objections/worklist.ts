import { scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { tally, unheard } from '#lib/domain/objections/rules.ts';
import { now } from '#lib/server/platform/clock.ts';
import { Objection, type ObjectionDocument } from '../objections-model.ts';

const dayMs = 86_400_000;
const openStates = ['received', 'reviewing'] as const;

const item = (code: string, objection: ObjectionDocument, due: Date | null = objection.due): WorkItem => ({
	code,
	params: { receipt: objection.receipt },
	href: `/app/objections/${objection._id.toHexString()}`,
	due: due?.toISOString() ?? null,
	urgency: due && due.getTime() - now().getTime() > 7 * dayMs ? 2 : 1
});

const forOrganizers = async (actor: Actor): Promise<WorkItem[]> => {
	const stations = scopeIds(actor, 'station', ['head', 'worker']);
	if (stations.length === 0) return [];
	const [open, upheld] = await Promise.all([
		Objection.find({ station: { $in: stations }, status: { $in: openStates } }).sort({ station: 1, status: 1, due: 1 }).limit(100).lean(),
		Objection.find({ station: { $in: stations }, status: 'upheld', correction: null }).limit(100).lean()
	]);
	return [
		...open.map((objection) => {
			if (objection.status === 'received') return item('objection_convene', objection);
			const decided = tally(objection.committee.map(({ user }) => user), objection.votes).outcome !== null;
			return item(decided ? 'objection_answer' : 'objection_waiting', objection);
		}),
		...upheld.map((objection) => item('objection_correct', objection, null))
	];
};

const forMembers = async (actor: Extract<Actor, { kind: 'user' }>): Promise<WorkItem[]> => {
	const mine = await Objection.find({ 'committee.user': actor.id, status: 'reviewing' }).limit(100).lean();
	return mine.flatMap((objection) => {
		if (objection.votes.some(({ user }) => user === actor.id)) {
			const decided = tally(objection.committee.map(({ user }) => user), objection.votes).outcome !== null;
			return decided ? [item('objection_answer', objection)] : [];
		}
		return [item('objection_vote', objection)];
	});
};

const forLeaders = async (actor: Actor): Promise<WorkItem[]> => {
	const groups = scopeIds(actor, 'organization', ['leader']);
	if (groups.length === 0) return [];
	const about = await Objection.find({ 'proposal.organization': { $in: groups }, status: { $in: openStates } }).limit(50).lean();
	return about
		.filter((objection) => unheard(true, objection.statements).includes('organization'))
		.map((objection) => item('objection_statement', objection));
};

/** What objections ask of this person: to name a committee, to vote, to answer in time, to speak for their group. */
export const objectionWork = async (actor: Extract<Actor, { kind: 'user' }>): Promise<WorkItem[]> => {
	const lists = await Promise.all([forOrganizers(actor), forMembers(actor), forLeaders(actor)]);
	const seen = new Set<string>();
	return lists.flat().filter(({ code, href }) => !seen.has(`${code} ${href}`) && seen.add(`${code} ${href}`));
};
