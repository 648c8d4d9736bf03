import { operatingModes, stationLevels } from '#lib/domain/stations/schema.ts';
import type { Community, OperatingMode, StationLevel } from '#lib/domain/stations/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

export type StationDocument = {
	_id: Id;
	name: string;
	slug: string;
	level: StationLevel;
	parent: string | null;
	/** Ids from the city down to this station itself. */
	path: string[];
	operator: string;
	mode: OperatingMode;
	address: string;
	phone: string;
	intro: string;
	communities: Community[];
	version: number;
};

const schema = new Schema<StationDocument>({
	name: { type: String, required: true },
	slug: { type: String, required: true },
	level: { type: String, enum: stationLevels, required: true },
	parent: { type: String, default: null },
	path: { type: [String], required: true },
	operator: { type: String, default: '' },
	mode: { type: String, enum: operatingModes, required: true },
	address: { type: String, default: '' },
	phone: { type: String, default: '' },
	intro: { type: String, default: '' },
	communities: {
		type: [{ _id: false, key: String, name: String, households: { type: Number, default: null }, residents: { type: Number, default: null } }],
		default: []
	},
	version: { type: Number, default: 0 }
});
schema.index({ slug: 1 }, { unique: true });
schema.index({ parent: 1, name: 1 });
schema.index({ path: 1, level: 1, name: 1 });
schema.index({ level: 1, name: 1 });

export const Station = defineModel<StationDocument>('Station', 'stations', schema);
