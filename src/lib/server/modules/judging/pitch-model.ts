import type { PitchItem, PitchState } from '#lib/domain/judging/pitch.ts';
import { defineModel, Schema } from '#lib/server/platform/db/index.ts';

/** A proposal in the order of pitches, with the words a screen shows. */
export type StoredPitchItem = PitchItem & { number: string; title: string; organization: string };

/** A revealed score of the round. Points in hundredths. */
export type Standing = {
	proposal: string;
	rank: number;
	score: number;
	/** Scorecards and ballots counted. */
	n: number;
	/** Highest and lowest total left out; null where nothing was. */
	dropped: { high: number; low: number } | null;
	/** Each judge group's own score, where the round has groups. */
	groups: { key: string; n: number; score: number }[];
	missingGroups: string[];
	/** The mean, shown until the round is over and its scores can be calibrated. */
	provisional?: boolean;
};

/** A pitch session. It is also what live pages follow: every act raises `version`. */
export type PitchDocument = PitchState<StoredPitchItem> & {
	/** `<competition>:<round>`. */
	_id: string;
	competition: string;
	competitionTitle: string;
	round: string;
	roundLabel: string;
	/** Draws the order: anybody can draw again from it and the proposals' numbers. */
	seed: string;
	draws: { seed: string; at: Date; byName: string; reason: string }[];
	standing: Standing[];
	/** SHA-256 of the screen link's secret; empty while there is none. */
	screenHash: string;
	startedAt: Date | null;
	endedAt: Date | null;
	endReason: string;
	updatedAt: Date;
	version: number;
};

const pitch = new Schema<PitchDocument>({
	_id: { type: String, required: true },
	competition: { type: String, required: true },
	competitionTitle: { type: String, default: '' },
	round: { type: String, required: true },
	roundLabel: { type: String, default: '' },
	seed: { type: String, required: true },
	draws: { type: Schema.Types.Mixed, default: [] },
	status: { type: String, required: true },
	items: { type: Schema.Types.Mixed, required: true },
	current: { type: String, default: null },
	timer: { type: Schema.Types.Mixed, required: true },
	talkSeconds: { type: Number, required: true },
	questionSeconds: { type: Number, required: true },
	opensAfter: { type: Number, required: true },
	standing: { type: Schema.Types.Mixed, default: [] },
	screenHash: { type: String, default: '' },
	startedAt: { type: Date, default: null },
	endedAt: { type: Date, default: null },
	endReason: { type: String, default: '' },
	updatedAt: { type: Date, required: true },
	version: { type: Number, default: 0 }
});
pitch.index({ competition: 1, status: 1 });
pitch.index({ screenHash: 1 });

export const PitchSession = defineModel<PitchDocument>('PitchSession', 'pitchsessions', pitch);
