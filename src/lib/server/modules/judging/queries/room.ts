import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { conflict, forbidden } from '#lib/server/platform/errors.ts';
import { competitionById, resourceOf, type CompetitionView } from '../../competitions/index.ts';
import { DeliberationNote } from '../deliberation-model.ts';
import { rankingPageSize, rankingRows } from '../ranking-store.ts';
import { leftRoomFor } from '../room.ts';

export type RoomNote = { id: string; text: string; at: Date; byName: string };

/** What was said about these proposals, oldest first; those the actor has left the room for are left out by the caller. */
export const notesOf = async (competition: string, proposals: readonly string[]): Promise<Map<string, RoomNote[]>> => {
	const notes = await DeliberationNote.find({ competition, proposal: { $in: [...proposals] } })
		.sort({ competition: 1, proposal: 1, at: 1, _id: 1 })
		.limit(5000)
		.lean();
	const groups = new Map<string, RoomNote[]>();
	for (const { _id, proposal, text, at, byName } of notes) {
		const note = { id: _id.toHexString(), text, at, byName };
		const group = groups.get(proposal);
		if (group) group.push(note);
		else groups.set(proposal, [note]);
	}
	return groups;
};

export type RoomRow = {
	proposal: string;
	number: string;
	title: string;
	organizationName: string;
	rank: number | null;
	/** Hundredths of a point. */
	score: number | null;
	/** Fen. */
	requested: number;
	notes: RoomNote[];
};

export type RoomView = {
	competition: Pick<CompetitionView, 'id' | 'title' | 'slug' | 'state'>;
	rows: RoomRow[];
	/** Items the actor has left the room for, on all pages. */
	left: number;
	page: number;
	pages: number;
};

/**
 * The deliberation room as a judge sees it: the official order and what is said, no single scores of colleagues and no
 * amounts decided. Open while the competition deliberates.
 */
export const readRoom = async (actor: Actor, competitionId: string, page = 0): Promise<RoomView> => {
	const competition = await competitionById(competitionId);
	if (!can(actor, 'deliberation.read', resourceOf(competition))) throw forbidden();
	if (competition.state !== 'deliberation') throw conflict('room_closed');
	const [{ head, rows }, hidden] = await Promise.all([rankingRows(competition, page), leftRoomFor(actor, competition)]);
	const shown = rows.filter(({ proposal }) => !hidden.has(proposal));
	const notes = await notesOf(competitionId, shown.map(({ proposal }) => proposal));
	return {
		competition: { id: competition.id, title: competition.title, slug: competition.slug, state: competition.state },
		rows: shown.map(({ proposal, number, title, organizationName, rank, score, requested }) => ({
			...{ proposal, number, title, organizationName, rank, score, requested },
			notes: notes.get(proposal) ?? []
		})),
		left: hidden.size,
		page,
		pages: Math.max(1, Math.ceil(head.proposals / rankingPageSize))
	};
};
