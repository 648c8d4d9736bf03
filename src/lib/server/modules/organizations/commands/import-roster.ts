import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { guessMapping, planImport, rosterFields, type RosterMappingInput } from '#lib/domain/organizations/roster-import.ts';
import { now } from '#lib/server/platform/clock.ts';
import { readCsv } from '#lib/server/platform/csv.ts';
import { idFromHex, newId, toId, toIds, type AnyBulkWriteOperation } from '#lib/server/platform/db/index.ts';
import { AppError, conflict, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { readXlsx } from '#lib/server/platform/xlsx.ts';
import { recordAct } from '../../audit/index.ts';
import { personOf } from '../access.ts';
import type { OrganizationDocument } from '../model.ts';
import { Activity, Meeting, Member, type MemberDocument } from '../records-model.ts';
import { refreshSummary } from '../records.ts';
import { RosterImport, type AddedLine, type RosterImportDocument, type UpdatedLine } from '../roster-import-model.ts';
import { Training } from '../tools-model.ts';
import { loadRecorded, yieldOffice } from './roster.ts';

/** Most rows of a table, with its heading, and most columns. */
const limits = { rows: 6001, columns: 60 };
const mostBytes = 10 * 1024 * 1024;
/** Most text a table may hold, so that it fits into one document. */
const mostText = 6_000_000;
const keptDays = 30;
const chunk = 500;

const readTable = async (file: { name: string; bytes: Uint8Array }): Promise<string[][]> => {
	if (file.bytes.byteLength > mostBytes) throw new AppError('too_large', 'file_too_large', { params: { name: file.name, megabytes: mostBytes / 1024 / 1024 } });
	if (file.bytes.byteLength === 0) throw invalidField('file', 'file_empty', { name: file.name });
	const [a, b] = file.bytes;
	// A workbook begins as a zip does; the kind of before 2007 begins with D0 CF.
	if (a === 0xd0 && b === 0xcf) throw invalidField('file', 'xls_old');
	const table = a === 0x50 && b === 0x4b ? await readXlsx(file.bytes, limits) : readCsv(file.bytes, limits);
	const clean = table.map((cells) => cells.map((cell) => cell.slice(0, 500)));
	if (clean.reduce((sum, cells) => sum + cells.reduce((length, cell) => length + cell.length, 0), 0) > mostText)
		throw new AppError('too_large', 'xlsx_too_large', { params: { rows: limits.rows } });
	return clean;
};

/** Where the heading is: the first row in which a column of names is recognized, or else the first with anything in it. */
const headingAt = (table: readonly string[][]): number => {
	const named = table.slice(0, 10).findIndex((cells) => cells.length > 1 && guessMapping(cells).name !== null);
	return named >= 0 ? named : table.findIndex((cells) => cells.some((cell) => cell !== ''));
};

/** Takes a table of members; nothing reaches the roster yet. Its columns are guessed from the headings. */
export const uploadRoster = async (actor: Actor, organizationId: string, file: { name: string; bytes: Uint8Array }): Promise<{ id: string }> => {
	await loadRecorded(actor, organizationId, 'organization.record');
	const table = await readTable(file);
	const heading = headingAt(table);
	const rows = table.flatMap((cells, at) => (at > heading && cells.some((cell) => cell !== '') ? [{ row: at + 1, cells }] : []));
	if (heading < 0 || rows.length === 0) throw invalidField('file', 'table_empty');
	const headers = table[heading] ?? [];
	const width = Math.max(headers.length, ...rows.slice(0, 50).map(({ cells }) => cells.length));
	const _id = newId();
	await RosterImport.create({
		_id,
		organization: organizationId,
		fileName: file.name.slice(-120),
		by: personOf(actor),
		at: now(),
		state: 'draft',
		headers: Array.from({ length: width }, (_, at) => headers[at] ?? ''),
		rows,
		mapping: guessMapping(headers),
		duplicates: 'skip',
		expiresAt: new Date(now().getTime() + keptDays * 86_400_000)
	});
	return { id: _id.toHexString() };
};

/** Loads an import of an organization, or 404. */
export const findImport = async (organizationId: string, id: string): Promise<RosterImportDocument> => {
	const found = await RosterImport.findOne({ _id: toId(id), organization: organizationId }).lean();
	if (!found) throw notFound();
	return found;
};

/** Says which column is what, and what becomes of people already on the roster. */
export const mapRoster = async (actor: Actor, organizationId: string, id: string, input: RosterMappingInput): Promise<void> => {
	await loadRecorded(actor, organizationId, 'organization.record');
	const found = await findImport(organizationId, id);
	const used = Object.values(input.mapping).filter((at) => at !== null);
	if (new Set(used).size !== used.length) throw invalidField('mapping.name', 'column_twice');
	const { matchedCount } = await RosterImport.updateOne({ _id: found._id, state: 'draft' }, { $set: { mapping: input.mapping, duplicates: input.duplicates }, $inc: { version: 1 } });
	if (matchedCount === 0) throw conflict('import_done');
};

/** The roster as far as lines of a table are compared with it. */
export const rosterKeys = async (organizationId: string): Promise<{ id: string; name: string; phone: string }[]> => {
	const members = await Member.find({ organization: organizationId, leftOn: '' }, { name: 1, phone: 1 }).lean();
	return members.map(({ _id, name, phone }) => ({ id: _id.toHexString(), name, phone }));
};

/** Fields a column was chosen for: an update leaves the others as they are. */
const chosen = (line: AddedLine, mapping: RosterImportDocument['mapping'], cells: readonly string[]): Partial<AddedLine> =>
	Object.fromEntries(rosterFields.filter((field) => mapping[field] !== null && (cells[mapping[field] ?? 0] ?? '') !== '').map((field) => [field, line[field]]));

const planned = async (organizationId: string, found: RosterImportDocument): Promise<Pick<RosterImportDocument, 'added' | 'updated' | 'skipped' | 'bad'>> => {
	const roster = await Member.find({ organization: organizationId, leftOn: '' }).lean();
	const keys = roster.map(({ _id, name, phone }) => ({ id: _id.toHexString(), name, phone }));
	const plan = planImport(found.rows, found.mapping, keys, found.duplicates, dayOf(now()));
	const byId = new Map(roster.map((member) => [member._id.toHexString(), member]));
	const cellsAt = new Map(found.rows.map(({ row, cells }) => [row, cells]));
	// Ids made of the import and the row: writing the same rows again adds nobody twice.
	const added = plan.flatMap((row) =>
		row.kind === 'add' ? [{ id: sha256(`${found._id.toHexString()}:${row.row}`).slice(0, 24), line: row.line }] : []
	);
	let skipped = 0;
	const updated = plan.flatMap((row): UpdatedLine[] => {
		const member = row.kind === 'update' ? byId.get(row.member) : undefined;
		if (row.kind === 'skip') skipped += 1;
		if (row.kind !== 'update' || !member) return [];
		const after = Object.fromEntries(
			Object.entries(chosen(row.line, found.mapping, cellsAt.get(row.row) ?? [])).filter(([field, value]) => member[field as keyof AddedLine] !== value)
		) as Partial<AddedLine>;
		if (Object.keys(after).length === 0) {
			skipped += 1;
			return [];
		}
		const before = Object.fromEntries(Object.keys(after).map((field) => [field, member[field as keyof AddedLine]])) as Partial<AddedLine>;
		return [{ member: row.member, version: member.version, before, after }];
	});
	const bad = plan.flatMap((row) => (row.kind === 'bad' ? [{ row: row.row, cells: [...row.cells], issues: row.issues }] : []));
	return { added, updated, skipped, bad };
};

const write = async (organizationId: string, { added, updated }: RosterImportDocument): Promise<void> => {
	const at = now();
	const fresh = added.map(
		({ id, line }): MemberDocument => ({ _id: idFromHex(id), organization: organizationId, ...line, leftOn: '', userId: null, createdAt: at, version: 0 })
	);
	for (let start = 0; start < fresh.length; start += chunk) {
		const part = fresh.slice(start, start + chunk);
		const there = new Set((await Member.find({ _id: { $in: part.map(({ _id }) => _id) } }, { _id: 1 }).lean()).map(({ _id }) => _id.toHexString()));
		const missing = part.filter(({ _id }) => !there.has(_id.toHexString()));
		if (missing.length > 0) await Member.insertMany(missing, { lean: true, ordered: false });
	}
	const changes = updated.map(
		({ member, version, after }): AnyBulkWriteOperation<MemberDocument> => ({
			updateOne: { filter: { _id: toId(member), organization: organizationId, version }, update: { $set: after, $inc: { version: 1 } } }
		})
	);
	for (let start = 0; start < changes.length; start += chunk) await Member.bulkWrite(changes.slice(start, start + chunk), { ordered: false });
	// A group has one leader and one deputy: of several in the table, the last one holds the office.
	for (const office of ['leader', 'deputy'] as const) {
		const holder = added.findLast(({ line }) => line.role === office)?.id ?? updated.findLast(({ after }) => after.role === office)?.member;
		if (holder) await yieldOffice(organizationId, office, holder);
	}
};

const finish = async (actor: Actor, organization: OrganizationDocument, id: string, action: string, detail: Record<string, number>): Promise<void> => {
	await refreshSummary(organization);
	await recordAct({ chain: `organization:${organization._id.toHexString()}`, actor, action, subject: id, detail });
};

/**
 * Imports every good row. What will be done is decided and written down first; should the writing be interrupted,
 * calling again goes on with the very same rows. Doing it twice imports once.
 */
export const applyRosterImport = async (actor: Actor, organizationId: string, id: string): Promise<void> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const found = await findImport(organizationId, id);
	if (found.state === 'applied') return;
	if (found.state === 'undone') throw conflict('import_done');
	if (found.state === 'draft') {
		if (found.mapping.name === null) throw invalidField('mapping.name', 'column_needed');
		const plan = await planned(organizationId, found);
		const { modifiedCount } = await RosterImport.updateOne({ _id: found._id, state: 'draft', version: found.version }, { $set: { ...plan, state: 'applying' }, $inc: { version: 1 } });
		if (modifiedCount === 0) return applyRosterImport(actor, organizationId, id);
	}
	const decided = await findImport(organizationId, id);
	await write(organizationId, decided);
	// The rows are on the roster or among the bad ones now; a second copy of people's numbers serves nobody.
	await RosterImport.updateOne({ _id: found._id, state: 'applying' }, { $set: { state: 'applied', rows: [] }, $inc: { version: 1 } });
	await finish(actor, organization, id, 'roster_imported', { added: decided.added.length, updated: decided.updated.length, bad: decided.bad.length });
};

/**
 * Takes a whole import back: added people leave the roster and changed ones get their former data, except those who
 * were changed, invited, counted at an activity or elected since; these stay, and their number is told.
 */
export const undoRosterImport = async (actor: Actor, organizationId: string, id: string): Promise<void> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const found = await findImport(organizationId, id);
	if (found.state === 'undone') return;
	if (found.state !== 'applied') throw conflict('import_not_applied');
	const added = found.added.map(({ id: member }) => member);
	const [attended, elected, trained] = await Promise.all([
		Activity.find({ organization: organizationId, attendees: { $in: added } }, { attendees: 1 }).lean(),
		Meeting.find({ organization: organizationId, 'motions.candidate': { $in: added } }, { motions: 1 }).lean(),
		Training.find({ 'attendees.organization': organizationId }, { attendees: 1 }).lean()
	]);
	const used = new Set([
		...attended.flatMap(({ attendees }) => attendees),
		...elected.flatMap(({ motions }) => motions.map(({ candidate }) => candidate)),
		...trained.flatMap(({ attendees }) => attendees.map(({ member }) => member))
	]);
	const free = added.filter((member) => !used.has(member));
	let gone = 0;
	for (let start = 0; start < free.length; start += chunk) {
		const { deletedCount } = await Member.deleteMany({ _id: { $in: toIds(free.slice(start, start + chunk)) }, organization: organizationId, version: 0, userId: null });
		gone += deletedCount;
	}
	const back = found.updated.map(
		({ member, version, before }): AnyBulkWriteOperation<MemberDocument> => ({
			updateOne: { filter: { _id: toId(member), organization: organizationId, version: version + 1 }, update: { $set: before, $inc: { version: 1 } } }
		})
	);
	let restored = 0;
	for (let start = 0; start < back.length; start += chunk) restored += (await Member.bulkWrite(back.slice(start, start + chunk), { ordered: false })).modifiedCount;
	const kept = added.length - gone + (found.updated.length - restored);
	await RosterImport.updateOne({ _id: found._id }, { $set: { state: 'undone', kept }, $inc: { version: 1 } });
	await finish(actor, organization, id, 'roster_import_undone', { gone, restored, kept });
};
