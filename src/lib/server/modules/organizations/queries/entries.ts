import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { EntryInput } from '#lib/domain/organizations/projects.ts';
import type { EntryKind } from '#lib/domain/organizations/tool-terms.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { loadFor } from '../access.ts';
import { GroupEntry, type EntryDocument } from '../tools-model.ts';

/** Money in fen, days as `YYYY-MM-DD`; `day` is the day it counts on, '' while it does not. */
export type EntryView = { id: string; kind: EntryKind; day: string; content: EntryInput; enteredBy: string; version: number };

export const entryView = ({ _id, kind, day, content, enteredBy, version }: EntryDocument): EntryView => ({
	id: _id.toHexString(),
	kind,
	day,
	content,
	enteredBy: enteredBy.name,
	version
});

/** What a group keeps of one kind, newest first; at most 200. */
export const listEntries = async (actor: Actor, organizationId: string, kind?: EntryKind): Promise<EntryView[]> => {
	await loadFor(actor, organizationId, 'organization.read');
	const rows = await GroupEntry.find({ organization: organizationId, deletedAt: null, ...(kind ? { kind } : {}) })
		.sort({ kind: 1, day: -1, _id: -1 })
		.limit(kind ? 200 : 400)
		.lean();
	return rows.map(entryView);
};

/** One entry; one that was taken back is not found. */
export const readEntry = async (actor: Actor, organizationId: string, entryId: string): Promise<EntryView> => {
	await loadFor(actor, organizationId, 'organization.read');
	const entry = await GroupEntry.findOne({ _id: toId(entryId), organization: organizationId, deletedAt: null }).lean();
	if (!entry) throw notFound();
	return entryView(entry);
};

export type ProjectIdea = { id: string; title: string; need: string; who: string; costFen: number | null };

/** Ideas a proposal can begin from, newest first, for whoever may write proposals for the group; money in fen. */
export const projectIdeas = async (actor: Actor, organizationId: string): Promise<ProjectIdea[]> => {
	const { station, stationPath } = await loadFor(actor, organizationId, 'organization.read');
	if (!can(actor, 'proposal.create', { organization: organizationId, station, stationPath })) return [];
	const rows = await GroupEntry.find({ organization: organizationId, deletedAt: null, kind: 'idea' }).sort({ day: -1, _id: -1 }).limit(50).lean();
	return rows.flatMap(({ _id, content }) =>
		content.kind === 'idea' ? [{ id: _id.toHexString(), title: content.title, need: content.need, who: content.who, costFen: content.costFen }] : []
	);
};
