import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

/** What somebody said about a proposal in deliberation. Notes are added, never changed or removed. */
export type DeliberationNoteDocument = {
	_id: Id;
	competition: string;
	proposal: string;
	text: string;
	at: Date;
	by: string;
	byName: string;
};

const note = new Schema<DeliberationNoteDocument>({
	competition: { type: String, required: true },
	proposal: { type: String, required: true },
	text: { type: String, required: true },
	at: { type: Date, required: true },
	by: { type: String, required: true },
	byName: { type: String, required: true }
});
note.index({ competition: 1, proposal: 1, at: 1, _id: 1 });

export const DeliberationNote = defineModel<DeliberationNoteDocument>('DeliberationNote', 'deliberationnotes', note);
