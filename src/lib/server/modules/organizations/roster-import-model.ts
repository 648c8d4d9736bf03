import type { CellIssue, DuplicateChoice, RosterMapping } from '#lib/domain/organizations/roster-import.ts';
import type { MemberInput } from '#lib/domain/organizations/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';
import type { Person } from './model.ts';

export type BadRow = { row: number; cells: string[]; issues: CellIssue[] };
export type AddedLine = Pick<MemberInput, 'name' | 'phone' | 'role' | 'prospective' | 'joinedOn' | 'note'>;
/** A change of somebody on the roster: what it was and at which version, so that it can be taken back. */
export type UpdatedLine = { member: string; version: number; before: Partial<AddedLine>; after: Partial<AddedLine> };

/** A table of members on its way into a roster. */
export type RosterImportDocument = {
	_id: Id;
	organization: string;
	fileName: string;
	by: Person;
	at: Date;
	/** `applying` while the rows are written: going on from there writes the same rows again, harmlessly. */
	state: 'draft' | 'applying' | 'applied' | 'undone';
	headers: string[];
	/** The rows below the heading, with their numbers in the file; none once applied. */
	rows: { row: number; cells: string[] }[];
	mapping: RosterMapping;
	duplicates: DuplicateChoice;
	added: { id: string; line: AddedLine }[];
	updated: UpdatedLine[];
	skipped: number;
	bad: BadRow[];
	/** Of an import taken back: lines that stay because they were used or changed since. */
	kept: number;
	/** Goes by itself then: a table holds people's numbers. */
	expiresAt: Date;
	version: number;
};

const rosterImport = new Schema<RosterImportDocument>({
	organization: { type: String, required: true },
	fileName: { type: String, required: true },
	by: { type: Schema.Types.Mixed, required: true },
	at: { type: Date, required: true },
	state: { type: String, enum: ['draft', 'applying', 'applied', 'undone'], required: true },
	headers: { type: Schema.Types.Mixed, default: [] },
	rows: { type: Schema.Types.Mixed, default: [] },
	mapping: { type: Schema.Types.Mixed, required: true },
	duplicates: { type: String, enum: ['skip', 'update'], required: true },
	added: { type: Schema.Types.Mixed, default: [] },
	updated: { type: Schema.Types.Mixed, default: [] },
	skipped: { type: Number, default: 0 },
	bad: { type: Schema.Types.Mixed, default: [] },
	kept: { type: Number, default: 0 },
	expiresAt: { type: Date, required: true },
	version: { type: Number, default: 0 }
});
rosterImport.index({ organization: 1, at: -1 });
rosterImport.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const RosterImport = defineModel<RosterImportDocument>('RosterImport', 'roster_imports', rosterImport);
