import type { Actor } from '#lib/domain/accounts/types.ts';
import { canonicalEqual } from '#lib/domain/shared/equal.ts';
import { markKey, mergeFields, savedSince, toFields, type FieldConflict, type FieldMark, type FieldValues } from '#lib/domain/proposals/merge.ts';
import type { ProposalDraft, ProposalPatch } from '#lib/domain/proposals/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { AppError, conflict, stale } from '#lib/server/platform/errors.ts';
import { canonicalJson } from '../../audit/index.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { idOf, loadOwn, nameOf } from '../access.ts';
import { checkWritten } from '../checks.ts';
import { draftOf, isEditable } from '../content.ts';
import { knownFields } from '../known-fields.ts';
import { Proposal } from '../model.ts';
import { toView, type ProposalCheck, type ProposalView } from '../view.ts';

/** The answer to a save: the version to build on, and what others wrote meanwhile in fields this edit left alone. */
export type SavedDraft = {
	version: number;
	savedAt: Date;
	others: Record<string, { value: unknown; byName: string }>;
	check: ProposalCheck;
};

/** What a stale edit gets (409): the present proposal and each field both sides changed. */
export type DraftConflict = ProposalView & { conflicts: FieldConflict[] };

/** A short mark of a field's value, by which a plain form tells what it did not change. */
export const fieldSeal = (value: unknown): string => sha256(canonicalJson(value ?? null)).slice(0, 10);

/** The marks of all fields, for the hidden field of a plain form. */
export const sealsOf = (proposal: Parameters<typeof draftOf>[0]): Record<string, string> =>
	Object.fromEntries(Object.entries(toFields(draftOf(proposal))).map(([field, value]) => [field, fieldSeal(value)]));

/** The fields of an edit that differ from what the page was made with. */
export const changedFields = (edit: Partial<ProposalDraft>, seals: Readonly<Record<string, string>>): FieldValues =>
	Object.fromEntries(Object.entries(toFields(edit)).filter(([field, value]) => seals[field] === undefined || seals[field] !== fieldSeal(value)));

// Of several writers at once one wins each turn; a handful of co-authors never needs as many.
const attempts = 24;

/**
 * Saves what has been typed so far; nothing is required. An edit based on an older version is merged field by
 * field; where somebody else changed the same field since, nothing is saved and both texts come back (409 `stale`,
 * `current` is a `DraftConflict`). `seals` are the marks a plain form carried: fields it sent back unchanged are no
 * edit.
 */
export const saveDraft = async (
	actor: Actor,
	id: string,
	input: ProposalPatch,
	seals: Readonly<Record<string, string>> = {}
): Promise<SavedDraft> => {
	for (let attempt = 0; attempt < attempts; attempt += 1) {
		const { proposal, competition, sides } = await loadOwn(actor, id, 'proposal.edit');
		if (!isEditable(proposal)) throw conflict('proposal_not_editable', {}, { status: toView(proposal, competition, sides).status });
		const { version: base, ...patch } = input;
		knownFields(competition, patch);
		const edit = changedFields(patch, seals);
		const stored = toFields(draftOf(proposal));
		const { changes, conflicts } = mergeFields(stored, proposal.savedBy, base, edit);
		if (conflicts.length > 0)
			throw stale({ ...toView(proposal, competition, sides), conflicts } satisfies DraftConflict);
		const others = savedSince(stored, proposal.savedBy, base, edit);
		const fields = Object.keys(changes);
		const written = { ...draftOf(proposal), ...patch, answers: { ...proposal.answers, ...patch.answers } };
		const done = (version: number, savedAt: Date): SavedDraft => ({
			version,
			savedAt,
			others: Object.fromEntries(Object.entries(others).filter(([field, { value }]) => !canonicalEqual(value, edit[field]))),
			check: checkWritten(competition, written)
		});
		if (fields.length === 0) return done(proposal.version, proposal.updatedAt);
		const at = now();
		const mark: FieldMark = { version: proposal.version + 1, by: idOf(actor), byName: nameOf(actor) };
		const saved = await Proposal.updateOne(
			{ _id: proposal._id, version: proposal.version, status: proposal.status },
			{
				$set: {
					...changes,
					...Object.fromEntries(fields.map((field) => [`savedBy.${markKey(field)}`, mark])),
					updatedAt: at
				},
				$inc: { version: 1 }
			}
		);
		if (saved.modifiedCount === 1) return done(proposal.version + 1, at);
	}
	throw new AppError('unavailable', 'busy', { retryAfter: 1 });
};
