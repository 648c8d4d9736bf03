import type { Actor } from '#lib/domain/accounts/types.ts';
import { markKey, type FieldMark } from '#lib/domain/proposals/merge.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict } from '#lib/server/platform/errors.ts';
import { applicantFacts } from '../applicants.ts';
import { idOf, loadOwn, nameOf } from '../access.ts';
import { isEditable } from '../content.ts';
import { Proposal } from '../model.ts';
import { prefill } from '../prefill.ts';

const attempts = 5;

/**
 * Puts what the platform knows of the group into answers that are still empty; what anybody has written stays. Answers
 * how many were filled.
 */
export const fillDraft = async (actor: Actor, id: string): Promise<number> => {
	for (let attempt = 0; attempt < attempts; attempt += 1) {
		const { proposal, competition } = await loadOwn(actor, id, 'proposal.edit');
		if (!isEditable(proposal)) throw conflict('proposal_not_editable');
		const { answers, origins } = await prefill(actor, competition.tracks, await applicantFacts(proposal.organization));
		const empty = Object.entries(answers).filter(([key]) => (proposal.answers[key] ?? '') === '');
		if (empty.length === 0) return 0;
		const mark: FieldMark = { version: proposal.version + 1, by: idOf(actor), byName: nameOf(actor) };
		const saved = await Proposal.updateOne(
			{ _id: proposal._id, version: proposal.version, status: proposal.status },
			{
				$set: {
					...Object.fromEntries(empty.map(([key, text]) => [`answers.${key}`, text])),
					...Object.fromEntries(empty.map(([key]) => [`origins.${key}`, origins[key]])),
					...Object.fromEntries(empty.map(([key]) => [`savedBy.${markKey(`answers.${key}`)}`, mark])),
					updatedAt: now()
				},
				$inc: { version: 1 }
			}
		);
		if (saved.modifiedCount === 1) return empty.length;
	}
	throw conflict('busy');
};

/** Which empty answers could be filled, for offering it. */
export const fillable = async (actor: Actor, id: string): Promise<string[]> => {
	const { proposal, competition } = await loadOwn(actor, id, 'proposal.readOwn');
	const track = competition.tracks.filter(({ key }) => key === proposal.track);
	const wanted = track.some(({ questions }) => questions.some(({ key, source }) => source !== 'none' && (proposal.answers[key] ?? '') === ''));
	if (!wanted) return [];
	const { answers } = await prefill(actor, track, await applicantFacts(proposal.organization));
	return Object.keys(answers).filter((key) => (proposal.answers[key] ?? '') === '');
};
