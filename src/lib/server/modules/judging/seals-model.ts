import { defineModel, Schema } from '#lib/server/platform/db/index.ts';

/** The salt of a scorecard's hash; `_id` is the scorecard's id. Made once, when the card is first hashed. */
export type ScorecardSealDocument = { _id: string; competition: string; salt: string };

const seal = new Schema<ScorecardSealDocument>({
	_id: { type: String, required: true },
	competition: { type: String, required: true },
	salt: { type: String, required: true }
});
seal.index({ competition: 1 });

export const ScorecardSeal = defineModel<ScorecardSealDocument>('ScorecardSeal', 'scorecardseals', seal);
