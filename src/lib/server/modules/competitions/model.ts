import { competitionStates } from '#lib/domain/competitions/schema.ts';
import type { CompetitionSettings, CompetitionState, RuleChange } from '#lib/domain/competitions/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

/** The published times as dates. */
export type StoredTimeline = {
	announcesAt: Date | null;
	opensAt: Date;
	closesAt: Date;
	graceSeconds: number;
	scoringUntil: Date | null;
};

/** One step in the life of a competition. */
export type StateStep = { from: CompetitionState; to: CompetitionState; at: Date; by: string | null; byName: string; reason: string };

/** A public change after opening. `closedAt` is the closing before it was moved; both are absent in older ones. */
export type StoredAmendment = { at: Date; text: string; byName: string; closesAt: Date | null; closedAt?: Date | null; changes?: RuleChange[] };

export type CompetitionDocument = Omit<CompetitionSettings, 'timeline'> & {
	_id: Id;
	station: string;
	stationPath: string[];
	/** As last set by a person; `effectiveState` adds what the clock has done since. */
	state: CompetitionState;
	stateSince: Date;
	history: StateStep[];
	timeline: StoredTimeline;
	/** Numbers given to submitted proposals so far. */
	lastNumber: number;
	/** Draws lots in ties; made when the competition is created, published with the results. */
	drawSeed: string;
	/** Public changes after opening, newest last. */
	amendments: StoredAmendment[];
	/** When applicants were told who passed screening; before judging at the organizer's word. */
	screeningReleasedAt?: Date | null;
	/** Parts of the settings somebody has looked through and saved, for the guide; absent in older ones. */
	checkedParts?: string[];
	createdAt: Date;
	createdBy: string | null;
	version: number;
};

const timeline = new Schema<StoredTimeline>(
	{
		announcesAt: { type: Date, default: null },
		opensAt: { type: Date, required: true },
		closesAt: { type: Date, required: true },
		graceSeconds: { type: Number, default: 0 },
		scoringUntil: { type: Date, default: null }
	},
	{ _id: false }
);

const schema = new Schema<CompetitionDocument>({
	station: { type: String, required: true },
	stationPath: { type: [String], required: true },
	title: { type: String, required: true },
	slug: { type: String, required: true },
	theme: { type: String, default: '' },
	needs: { type: [String], default: [] },
	contact: { type: String, default: '' },
	fund: { type: Number, required: true },
	tracks: { type: Schema.Types.Mixed, required: true },
	eligibility: { type: Schema.Types.Mixed, required: true },
	budgetRules: { type: Schema.Types.Mixed, required: true },
	rounds: { type: Schema.Types.Mixed, required: true },
	bonus: { type: Schema.Types.Mixed, default: null },
	timeline: { type: timeline, required: true },
	screeningChecklist: { type: Schema.Types.Mixed, default: [] },
	screeners: { type: Number, default: 1 },
	noticeDays: { type: Number, default: 5 },
	state: { type: String, enum: competitionStates, required: true },
	stateSince: { type: Date, required: true },
	history: { type: Schema.Types.Mixed, default: [] },
	lastNumber: { type: Number, default: 0 },
	drawSeed: { type: String, required: true },
	amendments: { type: Schema.Types.Mixed, default: [] },
	screeningReleasedAt: { type: Date, default: null },
	checkedParts: { type: [String], default: [] },
	createdAt: { type: Date, required: true },
	createdBy: { type: String, default: null },
	version: { type: Number, default: 0 }
});
schema.index({ slug: 1 }, { unique: true });
schema.index({ station: 1, createdAt: -1, _id: -1 });
schema.index({ stationPath: 1, createdAt: -1, _id: -1 });
schema.index({ state: 1, 'timeline.closesAt': 1, _id: 1 });

export const Competition = defineModel<CompetitionDocument>('Competition', 'competitions', schema);
