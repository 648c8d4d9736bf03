import type { DocumentText } from '#lib/domain/organizations/charters.ts';
import { documentKinds, type DocumentKind } from '#lib/domain/organizations/tool-terms.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';
import type { Person } from './model.ts';

/** A text that was put to the vote; it never changes again. */
export type CharterVersion = DocumentText & {
	number: number;
	note: string;
	at: Date;
	by: Person;
	/** The meeting that voted on it, '' while none has, and the day from which it holds. */
	meeting: string;
	inForceOn: string;
};

/** What the draft said at a version of the document: the ground on which later changes of two people are joined. */
export type DraftState = { version: number; text: DocumentText };

/** The charter or one of the rules of a group, with everything it ever said. */
export type CharterDocument = {
	_id: Id;
	organization: string;
	kind: DocumentKind;
	draft: DocumentText | null;
	draftBy: Person | null;
	draftAt: Date | null;
	/** The last states of the draft, newest first. */
	states: DraftState[];
	versions: CharterVersion[];
	version: number;
};

const charter = new Schema<CharterDocument>({
	organization: { type: String, required: true },
	kind: { type: String, enum: documentKinds, required: true },
	draft: { type: Schema.Types.Mixed, default: null },
	draftBy: { type: Schema.Types.Mixed, default: null },
	draftAt: { type: Date, default: null },
	states: { type: Schema.Types.Mixed, default: [] },
	versions: { type: Schema.Types.Mixed, default: [] },
	version: { type: Number, default: 0 }
});
charter.index({ organization: 1, kind: 1 }, { unique: true });
export const Charter = defineModel<CharterDocument>('Charter', 'charters', charter);
