import type { Mentors } from '#lib/domain/organizations/handover.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';
import type { Person } from './model.ts';

export type HandoverItem = { organization: string; name: string; before: Mentors; after: Mentors };

/** A worker's organizations given to a colleague: who did it, when and why, and how to take it back. */
export type HandoverDocument = {
	_id: Id;
	station: string;
	from: Person;
	to: Person;
	by: Person;
	at: Date;
	reason: string;
	items: HandoverItem[];
	/** Sessions whose open follow-ups went along, by their keys. */
	followUps: { supervision: string; topic: string; keys: string[] }[];
	/** `running` while it is being carried out: doing it again finishes it. */
	state: 'running' | 'done' | 'undoing' | 'undone';
	undoneAt: Date | null;
	undoneBy: Person | null;
};
const handover = new Schema<HandoverDocument>({
	station: { type: String, required: true },
	from: { type: Schema.Types.Mixed, required: true },
	to: { type: Schema.Types.Mixed, required: true },
	by: { type: Schema.Types.Mixed, required: true },
	at: { type: Date, required: true },
	reason: { type: String, required: true },
	items: { type: Schema.Types.Mixed, default: [] },
	followUps: { type: Schema.Types.Mixed, default: [] },
	state: { type: String, required: true },
	undoneAt: { type: Date, default: null },
	undoneBy: { type: Schema.Types.Mixed, default: null }
});
handover.index({ station: 1, at: -1, _id: -1 });
export const Handover = defineModel<HandoverDocument>('Handover', 'handovers', handover);
