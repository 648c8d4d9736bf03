import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { planImport, type CellIssue, type DuplicateChoice, type RosterMapping } from '#lib/domain/organizations/roster-import.ts';
import type { MemberInput } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { loadFor } from '../access.ts';
import { findImport, rosterKeys } from '../commands/import-roster.ts';
import { RosterImport, type RosterImportDocument } from '../roster-import-model.ts';
import { listMembers, type MemberView } from './records.ts';

type Line = Pick<MemberInput, 'name' | 'phone' | 'role' | 'prospective' | 'joinedOn' | 'note'>;
export type RosterImportView = {
	id: string;
	fileName: string;
	by: string;
	at: Date;
	state: RosterImportDocument['state'];
	headers: string[];
	mapping: RosterMapping;
	duplicates: DuplicateChoice;
	total: number;
	added: number;
	updated: number;
	skipped: number;
	/** Rows that were not taken, or of a draft: would not be; the first of them with every wrong cell. */
	bad: number;
	badRows: { row: number; issues: CellIssue[] }[];
	/** The first good rows of a draft as they would be kept. */
	sample: { row: number; kind: 'add' | 'update' | 'skip'; line: Line }[];
	kept: number;
};

const shownRows = 20;
const shownBad = 50;

/** A table on its way into the roster: for a draft, what would become of it with the columns chosen. */
export const readRosterImport = async (actor: Actor, organizationId: string, id: string): Promise<RosterImportView> => {
	await loadFor(actor, organizationId, 'organization.record');
	const found = await findImport(organizationId, id);
	const { fileName, by, at, state, headers, mapping, duplicates, kept } = found;
	const frame = { id, fileName, by: by.name, at, state, headers, mapping, duplicates, kept };
	if (state !== 'draft')
		return {
			...frame,
			total: found.added.length + found.updated.length + found.skipped + found.bad.length,
			added: found.added.length,
			updated: found.updated.length,
			skipped: found.skipped,
			bad: found.bad.length,
			badRows: found.bad.slice(0, shownBad).map(({ row, issues }) => ({ row, issues })),
			sample: []
		};
	const plan = mapping.name === null ? [] : planImport(found.rows, mapping, await rosterKeys(organizationId), duplicates, dayOf(now()));
	const count = (kind: string): number => plan.filter((row) => row.kind === kind).length;
	return {
		...frame,
		total: found.rows.length,
		added: count('add'),
		updated: count('update'),
		skipped: count('skip'),
		bad: count('bad'),
		badRows: plan.flatMap((row) => (row.kind === 'bad' ? [{ row: row.row, issues: row.issues }] : [])).slice(0, shownBad),
		sample: plan.flatMap((row) => (row.kind === 'bad' ? [] : [{ row: row.row, kind: row.kind, line: row.line }])).slice(0, shownRows)
	};
};

/** The rows that are wrong, with their cells as they came and why: for a file to correct and send again. */
export const badRosterRows = async (
	actor: Actor,
	organizationId: string,
	id: string
): Promise<{ fileName: string; headers: string[]; rows: { row: number; cells: readonly string[]; issues: CellIssue[] }[] }> => {
	await loadFor(actor, organizationId, 'organization.record');
	const found = await findImport(organizationId, id);
	const rows =
		found.state === 'draft'
			? planImport(found.rows, found.mapping, await rosterKeys(organizationId), found.duplicates, dayOf(now())).flatMap((row) => (row.kind === 'bad' ? [row] : []))
			: found.bad;
	return { fileName: found.fileName, headers: found.headers, rows };
};

/** Imports of a roster, newest first. */
export const listRosterImports = async (
	actor: Actor,
	organizationId: string
): Promise<{ id: string; fileName: string; by: string; at: Date; state: RosterImportDocument['state'] }[]> => {
	await loadFor(actor, organizationId, 'organization.record');
	const rows = await RosterImport.find({ organization: organizationId }, { fileName: 1, by: 1, at: 1, state: 1 }).sort({ at: -1 }).limit(10).lean();
	return rows.map(({ _id, fileName, by, at, state }) => ({ id: _id.toHexString(), fileName, by: by.name, at, state }));
};

/** The whole roster for export, in pages behind the scenes; phones as the actor may see them. */
export async function* eachMember(actor: Actor, organizationId: string): AsyncGenerator<MemberView> {
	let cursor: string | undefined;
	do {
		const page = await listMembers(actor, organizationId, { limit: 200, cursor });
		yield* page.items;
		cursor = page.next ?? undefined;
	} while (cursor);
}
