import { objectionStatuses } from '#lib/domain/objections/schema.ts';
import type { ObjectionStatus, Side, Vote } from '#lib/domain/objections/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';
import type { StoredFile } from '#lib/server/platform/files.ts';

/** What a side said; `byName` wrote it down. */
export type Statement = { side: Side; text: string; at: Date; byName: string };

/** An objection to a notice, with everything that became of it. */
export type ObjectionDocument = {
	_id: Id;
	/** Number the objector keeps; with the secret of the link it opens the page to follow it. */
	receipt: string;
	secretHash: string;
	competition: string;
	/** The station that runs the competition: whose worklist it is in. */
	station: string;
	/** The notice objected to: id of the result, and its number. */
	notice: string;
	n: number;
	/** The proposal concerned, by id and public number; null for the result as a whole. */
	proposal: { id: string; number: string; title: string; organization: string; organizationName: string } | null;
	name: string;
	contact: string;
	disclose: boolean;
	text: string;
	files: StoredFile[];
	receivedAt: Date;
	/** When the written answer is due. */
	due: Date;
	status: ObjectionStatus;
	committee: { user: string; name: string }[];
	convenedAt: Date | null;
	statements: Statement[];
	votes: Vote[];
	answer: { summary: string; text: string; at: Date; byName: string } | null;
	/** What will be put right after an objection was upheld; a new notice follows. */
	correction: { text: string; at: Date; byName: string } | null;
	version: number;
};

const objection = new Schema<ObjectionDocument>({
	receipt: { type: String, required: true },
	secretHash: { type: String, required: true },
	competition: { type: String, required: true },
	station: { type: String, required: true },
	notice: { type: String, required: true },
	n: { type: Number, required: true },
	proposal: { type: Schema.Types.Mixed, default: null },
	name: { type: String, required: true },
	contact: { type: String, required: true },
	disclose: { type: Boolean, default: false },
	text: { type: String, required: true },
	files: { type: Schema.Types.Mixed, default: [] },
	receivedAt: { type: Date, required: true },
	due: { type: Date, required: true },
	status: { type: String, enum: objectionStatuses, required: true },
	committee: { type: Schema.Types.Mixed, default: [] },
	convenedAt: { type: Date, default: null },
	statements: { type: Schema.Types.Mixed, default: [] },
	votes: { type: Schema.Types.Mixed, default: [] },
	answer: { type: Schema.Types.Mixed, default: null },
	correction: { type: Schema.Types.Mixed, default: null },
	version: { type: Number, default: 0 }
});
objection.index({ receipt: 1 }, { unique: true });
objection.index({ secretHash: 1 }, { unique: true });
objection.index({ competition: 1, receivedAt: -1, _id: -1 });
objection.index({ competition: 1, status: 1 });
objection.index({ station: 1, status: 1, due: 1 });
objection.index({ 'committee.user': 1, status: 1 });
objection.index({ 'proposal.organization': 1, status: 1 });

export const Objection = defineModel<ObjectionDocument>('Objection', 'objections', objection);
