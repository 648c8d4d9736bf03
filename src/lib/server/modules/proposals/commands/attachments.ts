import type { Actor } from '#lib/domain/accounts/types.ts';
import { conflict, notFound } from '#lib/server/platform/errors.ts';
import { now } from '#lib/server/platform/clock.ts';
import { openFile, removeFile, storeFile, type StoredFile } from '#lib/server/platform/files.ts';
import { loadOwn, loadVisible } from '../access.ts';
import { fileOwner, isEditable } from '../content.ts';
import { Proposal, Submission } from '../model.ts';

/** Most files a proposal takes. */
export const maxAttachments = 10;

/** Adds a file to a draft: checked, and pictures encoded anew (413 and 415 name the file). At most ten. */
export const attachFile = async (actor: Actor, id: string, file: { name: string; bytes: Uint8Array }): Promise<StoredFile> => {
	const { proposal } = await loadOwn(actor, id, 'proposal.edit');
	if (!isEditable(proposal)) throw conflict('proposal_not_editable');
	if (proposal.attachments.length >= maxAttachments) throw conflict('attachments_full', { max: maxAttachments });
	const stored = await storeFile(file, fileOwner(id));
	// The count stands in the filter: of two uploads for the last place one wins.
	const added = await Proposal.updateOne(
		{ _id: proposal._id, status: { $in: ['draft', 'returned'] }, [`attachments.${maxAttachments - 1}`]: { $exists: false } },
		{ $push: { attachments: stored }, $set: { updatedAt: now() }, $inc: { version: 1 } }
	);
	if (added.modifiedCount === 0) {
		await removeFile(stored.id);
		throw conflict('attachments_full', { max: maxAttachments });
	}
	return stored;
};

/** Takes a file off a draft. The bytes stay while an earlier submission refers to them. */
export const removeAttachment = async (actor: Actor, id: string, fileId: string): Promise<void> => {
	const { proposal } = await loadOwn(actor, id, 'proposal.edit');
	if (!isEditable(proposal)) throw conflict('proposal_not_editable');
	if (!proposal.attachments.some((file) => file.id === fileId)) return;
	await Proposal.updateOne(
		{ _id: proposal._id, status: { $in: ['draft', 'returned'] } },
		{ $pull: { attachments: { id: fileId } }, $set: { updatedAt: now() }, $inc: { version: 1 } }
	);
	const frozen = await Submission.exists({ proposal: id, 'content.attachments.id': fileId });
	if (!frozen) await removeFile(fileId);
};

/** Opens a file of a proposal for somebody who may see the proposal. Judges come through their own door. */
export const openAttachment = async (actor: Actor, id: string, fileId: string): Promise<Awaited<ReturnType<typeof openFile>>> => {
	const { proposal } = await loadVisible(actor, id);
	const now = proposal.attachments.some((file) => file.id === fileId);
	if (!now && !(await Submission.exists({ proposal: id, 'content.attachments.id': fileId }))) throw notFound();
	return openFile(fileId, fileOwner(id));
};
