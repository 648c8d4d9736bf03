import type { Actor } from '#lib/domain/accounts/types.ts';
import type { GateName } from '#lib/domain/organizations/lifecycle.ts';
import { gateOf } from '#lib/domain/organizations/lifecycle.ts';
import type { OrganizationStatus } from '#lib/domain/organizations/types.ts';
import { namesOf, peopleWithRole } from '../../accounts/index.ts';
import { mayHandOver } from '../commands/handover.ts';
import { Handover } from '../handover-model.ts';
import { Organization } from '../model.ts';
import { Supervision } from '../tools-model.ts';

export type HandoverChoice = {
	/** Who still looks after something here, whether or not they still work here. */
	givers: { id: string; name: string; count: number }[];
	takers: { id: string; name: string }[];
	/** What the chosen giver looks after. */
	organizations: { id: string; name: string; status: OrganizationStatus; gate: GateName; role: 'mentor' | 'secondMentor'; other: string; proposed: boolean }[];
	followUps: { id: string; topic: string; texts: { text: string; dueOn: string }[] }[];
};

const most = 2000;

/** What can be handed over at a station: who looks after what. */
export const handoverChoice = async (actor: Actor, stationId: string, from: string | null): Promise<HandoverChoice> => {
	await mayHandOver(actor, stationId);
	const [staff, rows, sessions] = await Promise.all([
		peopleWithRole(stationId, ['worker', 'head']),
		Organization.find(
			{ station: stationId, status: { $in: ['applied', 'returned', 'incubating', 'graduated', 'dormant'] } },
			{ name: 1, status: 1, stage: 1, atGraduation: 1, mentor: 1, secondMentor: 1, gate: 1 }
		)
			.limit(most)
			.lean(),
		from ? Supervision.find({ openOwners: from, station: stationId, deletedAt: null }, { topic: 1, followUps: 1 }).limit(200).lean() : []
	]);
	const counts = new Map<string, number>();
	for (const { mentor, secondMentor } of rows)
		for (const id of [mentor, secondMentor]) if (id) counts.set(id, (counts.get(id) ?? 0) + 1);
	const names = await namesOf([...counts.keys(), ...(from ? [from] : [])]);
	return {
		givers: [...new Set([...counts.keys(), ...staff.map(({ id }) => id)])]
			.map((id) => ({ id, name: names.get(id) ?? staff.find((one) => one.id === id)?.name ?? '', count: counts.get(id) ?? 0 }))
			.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
		takers: staff.map(({ id, name }) => ({ id, name })),
		organizations: rows
			.filter(({ mentor, secondMentor }) => from !== null && (mentor === from || secondMentor === from))
			.map((row) => ({
				id: row._id.toHexString(),
				name: row.name,
				status: row.status,
				gate: gateOf(row),
				role: row.mentor === from ? ('mentor' as const) : ('secondMentor' as const),
				other: names.get((row.mentor === from ? row.secondMentor : row.mentor) ?? '') ?? '',
				proposed: row.gate.proposedAt !== null
			}))
			.sort((a, b) => (a.name < b.name ? -1 : 1)),
		followUps: sessions.map(({ _id, topic, followUps }) => ({
			id: _id.toHexString(),
			topic,
			texts: followUps.filter(({ owner, doneAt }) => owner.id === from && doneAt === null).map(({ text, dueOn }) => ({ text, dueOn }))
		}))
	};
};

export type HandoverView = {
	id: string;
	from: string;
	to: string;
	by: string;
	at: Date;
	reason: string;
	organizations: { id: string; name: string }[];
	followUps: number;
	state: 'running' | 'done' | 'undoing' | 'undone';
	undoneAt: Date | null;
	undoneBy: string;
};

/** What was handed over at a station, newest first; at most thirty. */
export const listHandovers = async (actor: Actor, stationId: string): Promise<HandoverView[]> => {
	await mayHandOver(actor, stationId);
	const rows = await Handover.find({ station: stationId }).sort({ station: 1, at: -1, _id: -1 }).limit(30).lean();
	return rows.map((row) => ({
		id: row._id.toHexString(),
		from: row.from.name,
		to: row.to.name,
		by: row.by.name,
		at: row.at,
		reason: row.reason,
		organizations: row.items.map(({ organization, name }) => ({ id: organization, name })),
		followUps: row.followUps.reduce((sum, { keys }) => sum + keys.length, 0),
		state: row.state,
		undoneAt: row.undoneAt,
		undoneBy: row.undoneBy?.name ?? ''
	}));
};
