import type { AskedFigures } from '#lib/domain/organizations/asked.ts';
import { defineModel, Schema } from '#lib/server/platform/db/index.ts';

/** What surveys and interviews brought in for an organization (its id), as they last counted it. */
export type AskedDocument = AskedFigures & {
	_id: string;
	/** How many changes of the records these figures know of; a later count never yields to an earlier one. */
	basis: number;
	countedAt: Date;
};

const asked = new Schema<AskedDocument>({
	_id: { type: String, required: true },
	surveys: { type: Schema.Types.Mixed, default: [] },
	interviews: { type: Schema.Types.Mixed, default: [] },
	needs: { type: Schema.Types.Mixed, default: [] },
	feedback: { type: Schema.Types.Mixed, default: [] },
	basis: { type: Number, default: 0 },
	countedAt: { type: Date, required: true }
});
export const Asked = defineModel<AskedDocument>('AskedFigures', 'organization_asked', asked);
