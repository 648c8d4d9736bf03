import type { Certainty } from '#lib/domain/judging/certainty.ts';
import { defineModel, Schema } from '#lib/server/platform/db/index.ts';

/** What a stored ranking is worth, computed once for each revision of it. */
export type CertaintyDocument = {
	/** The competition's id. */
	_id: string;
	/** Of the ranking it belongs to. */
	revision: string;
	certainty: Certainty;
	/** Narrow figures for the ranking page. */
	summary: { band: number; places: number; reliability: number | null };
	computedAt: Date;
};

const certainty = new Schema<CertaintyDocument>({
	_id: { type: String, required: true },
	revision: { type: String, required: true },
	certainty: { type: Schema.Types.Mixed, required: true },
	summary: { type: Schema.Types.Mixed, required: true },
	computedAt: { type: Date, required: true }
});

export const CertaintyOfRanking = defineModel<CertaintyDocument>('CertaintyOfRanking', 'certainties', certainty);
