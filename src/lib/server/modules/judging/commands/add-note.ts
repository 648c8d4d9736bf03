import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { newId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { competitionById, resourceOf } from '../../competitions/index.ts';
import { chainOf } from '../access.ts';
import { DeliberationNote } from '../deliberation-model.ts';
import { allRankingRows } from '../ranking-store.ts';
import { leftRoomFor } from '../room.ts';

/**
 * Says something about a proposal in deliberation, by name. It stays: notes are neither changed nor removed. 404 for an
 * item the actor has left the room for.
 */
export const addNote = async (actor: Actor, competitionId: string, input: { proposal: string; text: string }): Promise<void> => {
	const competition = await competitionById(competitionId);
	if (actor.kind !== 'user' || !can(actor, 'deliberation.speak', resourceOf(competition))) throw forbidden();
	if (competition.state !== 'deliberation') throw conflict('room_closed');
	const [hidden, { rows }] = await Promise.all([leftRoomFor(actor, competition), allRankingRows(competition)]);
	const row = rows.find(({ proposal }) => proposal === input.proposal);
	if (!row || hidden.has(row.proposal)) throw notFound();
	await DeliberationNote.create({
		_id: newId(),
		competition: competitionId,
		proposal: row.proposal,
		text: input.text,
		at: now(),
		by: actor.id,
		byName: actor.name
	});
	await recordAct({
		chain: chainOf(competitionId),
		actor,
		action: 'deliberation_note',
		subject: row.proposal,
		detail: { number: row.number, text: input.text }
	});
};
