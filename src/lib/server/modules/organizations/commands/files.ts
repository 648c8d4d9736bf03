import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { newId, toId } from '#lib/server/platform/db/index.ts';
import { invalidField, notFound } from '#lib/server/platform/errors.ts';
import { openFile, storeFile } from '#lib/server/platform/files.ts';
import { recordAct } from '../../audit/index.ts';
import { loadFor, personOf } from '../access.ts';
import { Activity, OrganizationFile } from '../records-model.ts';
import { loadRecorded } from './roster.ts';

const ownerOf = (organization: string): string => `organization:${organization}`;

/** Keeps a file with the organization's papers; a picture may belong to an activity. */
export const addFile = async (
	actor: Actor,
	organizationId: string,
	file: { name: string; bytes: Uint8Array; note: string; activity?: string }
): Promise<{ id: string }> => {
	await loadRecorded(actor, organizationId, 'organization.record');
	if (file.activity) {
		if (!/\.(?:jpe?g|png)$/i.test(file.name)) throw invalidField('file', 'picture_needed');
		if (!(await Activity.exists({ _id: toId(file.activity), organization: organizationId, deletedAt: null }))) throw notFound();
	}
	const stored = await storeFile(file, ownerOf(organizationId));
	const _id = newId();
	await OrganizationFile.create({
		_id,
		organization: organizationId,
		file: stored.id,
		name: stored.name,
		type: stored.type,
		bytes: stored.bytes,
		digest: stored.digest,
		note: file.note,
		activity: file.activity ?? '',
		enteredBy: personOf(actor),
		createdAt: now()
	});
	const id = _id.toHexString();
	await recordAct({
		chain: ownerOf(organizationId),
		actor,
		action: 'file_added',
		subject: id,
		detail: { name: stored.name, digest: stored.digest }
	});
	return { id };
};

/** Takes a file back, or brings it back; its bytes stay. */
export const setFileRemoved = async (actor: Actor, organizationId: string, fileId: string, removed: boolean): Promise<void> => {
	await loadRecorded(actor, organizationId, 'organization.record');
	const { matchedCount } = await OrganizationFile.updateOne(
		{ _id: toId(fileId), organization: organizationId },
		{ $set: { deletedAt: removed ? now() : null }, $inc: { version: 1 } }
	);
	if (matchedCount === 0) throw notFound();
	await recordAct({ chain: ownerOf(organizationId), actor, action: removed ? 'file_removed' : 'file_restored', subject: fileId });
};

/** Opens a file for reading, for those who may see the organization. */
export const openOrganizationFile = async (actor: Actor, organizationId: string, fileId: string) => {
	await loadFor(actor, organizationId, 'organization.read');
	const kept = await OrganizationFile.findOne({ _id: toId(fileId), organization: organizationId, deletedAt: null }).lean();
	if (!kept) throw notFound();
	return openFile(kept.file, ownerOf(organizationId));
};
