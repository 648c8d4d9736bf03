import type { MaturityCell } from '#lib/domain/organizations/cohorts.ts';
import type { GateDefinitions } from '#lib/domain/organizations/criteria.ts';
import type { MaturityModel } from '#lib/domain/organizations/maturity-model.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';
import type { Person } from './model.ts';

type Version = {
	_id: Id;
	/** The station that set it: the station itself for gates, the city for the maturity model. */
	station: string;
	/** Counts from 1; 0 is what the platform brings along and is not stored. */
	version: number;
	by: Person;
	at: Date;
	/** What changed and why, in words. */
	note: string;
};
const version = {
	station: { type: String, required: true },
	version: { type: Number, required: true },
	by: { type: Schema.Types.Mixed, required: true },
	at: { type: Date, required: true },
	note: { type: String, default: '' }
} as const;

/** A version of a station's gate criteria. Never changed once written: organizations under way go on by theirs. */
export type GateCriteriaDocument = Version & { definitions: GateDefinitions };
const gateCriteria = new Schema<GateCriteriaDocument>({ ...version, definitions: { type: Schema.Types.Mixed, required: true } });
gateCriteria.index({ station: 1, version: -1 }, { unique: true });
export const GateCriteria = defineModel<GateCriteriaDocument>('GateCriteria', 'gate_criteria', gateCriteria);

/** What a station's head is preparing; one for each station, until it is published or dropped. */
export type GateDraftDocument = {
	/** The station's id. */
	_id: string;
	definitions: GateDefinitions;
	/** The version it started from. */
	base: number;
	by: Person;
	at: Date;
	version: number;
};
const gateDraft = new Schema<GateDraftDocument>({
	_id: { type: String, required: true },
	definitions: { type: Schema.Types.Mixed, required: true },
	base: { type: Number, required: true },
	by: { type: Schema.Types.Mixed, required: true },
	at: { type: Date, required: true },
	version: { type: Number, default: 0 }
});
export const GateDraft = defineModel<GateDraftDocument>('GateDraft', 'gate_criteria_drafts', gateDraft);

/** A version of a city's maturity model. Never changed once written: assessments keep the one they were made with. */
export type MaturityModelDocument = Version & { model: MaturityModel };
const maturityModel = new Schema<MaturityModelDocument>({ ...version, model: { type: Schema.Types.Mixed, required: true } });
maturityModel.index({ station: 1, version: -1 }, { unique: true });
export const MaturityModelVersion = defineModel<MaturityModelDocument>('MaturityModelVersion', 'maturity_models', maturityModel);

/** How many organizations a station has at which level, by what they are compared by: what those above add up. */
export type MaturityTallyDocument = {
	/** The station's id. */
	_id: string;
	stationPath: string[];
	cells: MaturityCell[];
};
const maturityTally = new Schema<MaturityTallyDocument>({
	_id: { type: String, required: true },
	stationPath: { type: [String], required: true },
	cells: { type: Schema.Types.Mixed, default: [] }
});
maturityTally.index({ stationPath: 1 });
export const MaturityTally = defineModel<MaturityTallyDocument>('MaturityTally', 'maturity_tallies', maturityTally);
