import { categories, cultivationModes, filings, origins, stages, statuses } from '#lib/domain/organizations/schema.ts';
import type { Levels } from '#lib/domain/organizations/maturity.ts';
import type { Evidence } from '#lib/domain/organizations/metrics.ts';
import type { GateName } from '#lib/domain/organizations/lifecycle.ts';
import type {
	Category,
	CultivationMode,
	Dimension,
	Filing,
	Origin,
	OrganizationStatus,
	Stage
} from '#lib/domain/organizations/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';
import { fieldMemory } from './field.ts';

/** A person as history names them: the id may be gone one day, the name stays. */
export type Person = { id: string | null; name: string };

export type HistoryAction =
	| 'applied'
	| 'resubmitted'
	| 'accepted'
	| 'application_returned'
	| 'declined'
	| 'gate_proposed'
	| 'gate_withdrawn'
	| 'gate_approved'
	| 'gate_returned'
	| 'gate_waived'
	| 'gate_regressed'
	| 'graduated'
	| 'attested'
	| 'dormant'
	| 'exited'
	| 'resumed'
	| 'mentors_changed'
	| 'mode_changed'
	| 'proposal_submitted'
	| 'award_published'
	| 'criteria_moved'
	| 'handed_over'
	| 'handed_back';

/** One step in an organization's life, kept for good inside the organization's own document. */
export type HistoryEntry = {
	/** Makes a repeated event one entry. */
	key: string;
	at: Date;
	by: Person;
	action: HistoryAction;
	gate: GateName | null;
	criterion: string | null;
	reason: string;
	/** Title, amount in fen: what the sentence names. */
	detail: Record<string, string | number>;
};

export type StoredAttestation = {
	gate: GateName;
	criterion: string;
	by: string | null;
	byName: string;
	at: Date;
	note: string;
	evidence: Evidence[];
};
export type StoredWaiver = {
	gate: GateName;
	criterion: string;
	by: string | null;
	byName: string;
	at: Date;
	reason: string;
};

/** The latest assessment of one side, beside the organization for lists. */
export type MaturitySummary = { levels: Levels; overall: number; at: Date };

export type OrganizationDocument = {
	_id: Id;
	code: string;
	name: string;
	/** The name, code and every tail of the name in lower case, so that a search anywhere in the name uses an index. */
	searchKeys: string[];
	category: Category;
	mode: CultivationMode;
	modeReason: string;
	station: string;
	stationPath: string[];
	communities: string[];
	purpose: string;
	origin: Origin;
	/** Day or ''. */
	foundedOn: string;
	filing: Filing;
	filingNumber: string;
	/** Organization or committee that hosts it while unfiled. */
	host: string;
	status: OrganizationStatus;
	/** Strangers may see it; follows the status, for lists by name. */
	listed: boolean;
	statusSince: Date;
	/** What it was before it fell asleep or left. */
	pausedFrom: 'incubating' | 'graduated' | null;
	stage: Stage;
	/** Past the last stage, standing at graduation. */
	atGraduation: boolean;
	stageSince: Date;
	incubatingSince: Date | null;
	/** The version of its station's gate criteria it goes by; 0 or absent: the platform's own. */
	criteriaVersion?: number;
	applicant: {
		name: string;
		phone: string;
		memberCount: number;
		at: Date;
		consentAt: Date;
		userId: string | null;
		/** The worker who entered it for the group. */
		enteredBy: Person | null;
	};
	/** Digest of station, name and phone while the application is open: one open application each. */
	pendingKey?: string;
	/** SHA-256 of the receipt's secret: it opens the application's page without an account. */
	receiptHash: string | null;
	mentor: string | null;
	secondMentor: string | null;
	gate: {
		proposedBy: string | null;
		proposedByName: string;
		proposedAt: Date | null;
		proposalReason: string;
		attestations: StoredAttestation[];
		waivers: StoredWaiver[];
	};
	proposals: { id: string; title: string; at: Date }[];
	history: HistoryEntry[];
	/** Derived from the records, kept for lists. */
	memberCount: number;
	lastEvidenceAt: Date;
	maturity: { self: MaturitySummary | null; station: MaturitySummary | null };
	/** Overall level by the station, 0 while not assessed: sorts lists. */
	maturityOverall: number;
	/** Day of the last supervision, '' or absent for none. */
	supervisedOn?: string;
	/** When somebody has to look at it at the latest: sorts the station's list of next steps. */
	attentionAt?: Date;
	createdAt: Date;
	version: number;
};

const mixed = (fallback: unknown) => ({ type: Schema.Types.Mixed, default: fallback });

const organization = new Schema<OrganizationDocument>({
	code: { type: String, required: true },
	name: { type: String, required: true },
	searchKeys: { type: [String], required: true },
	category: { type: String, enum: categories, required: true },
	mode: { type: String, enum: cultivationModes, required: true },
	modeReason: { type: String, default: '' },
	station: { type: String, required: true },
	stationPath: { type: [String], required: true },
	communities: { type: [String], default: [] },
	purpose: { type: String, default: '' },
	origin: { type: String, enum: origins, required: true },
	foundedOn: { type: String, default: '' },
	filing: { type: String, enum: filings, default: 'none' },
	filingNumber: { type: String, default: '' },
	host: { type: String, default: '' },
	status: { type: String, enum: statuses, required: true },
	listed: { type: Boolean, default: false },
	statusSince: { type: Date, required: true },
	pausedFrom: { type: String, default: null },
	stage: { type: String, enum: stages, required: true },
	atGraduation: { type: Boolean, default: false },
	stageSince: { type: Date, required: true },
	incubatingSince: { type: Date, default: null },
	criteriaVersion: { type: Number, default: 0 },
	applicant: { type: Schema.Types.Mixed, required: true },
	pendingKey: { type: String },
	receiptHash: { type: String, default: null },
	mentor: { type: String, default: null },
	secondMentor: { type: String, default: null },
	gate: { type: Schema.Types.Mixed, required: true },
	proposals: mixed([]),
	history: mixed([]),
	memberCount: { type: Number, default: 0 },
	lastEvidenceAt: { type: Date, required: true },
	maturity: { type: Schema.Types.Mixed, required: true },
	maturityOverall: { type: Number, default: 0 },
	supervisedOn: { type: String, default: '' },
	attentionAt: { type: Date },
	createdAt: { type: Date, required: true },
	version: { type: Number, default: 0 }
});
organization.index({ code: 1 }, { unique: true });
organization.index({ pendingKey: 1 }, { unique: true, sparse: true });
organization.index({ receiptHash: 1 }, { unique: true, partialFilterExpression: { receiptHash: { $type: 'string' } } });
organization.index({ stationPath: 1, name: 1, _id: 1 });
organization.index({ stationPath: 1, status: 1, stage: 1, name: 1, _id: 1 });
organization.index({ stationPath: 1, stageSince: 1, _id: 1 });
organization.index({ stationPath: 1, lastEvidenceAt: 1, _id: 1 });
organization.index({ stationPath: 1, maturityOverall: 1, _id: 1 });
organization.index({ stationPath: 1, attentionAt: 1, _id: 1 });
organization.index({ stationPath: 1, category: 1, maturityOverall: 1, _id: 1 });
organization.index({ station: 1, status: 1 });
organization.index({ name: 1, _id: 1 });
organization.index({ listed: 1, name: 1, _id: 1 });
organization.index({ stationPath: 1, status: 1, lastEvidenceAt: 1 });
organization.index({ searchKeys: 1 });

// One place for all writes of organizations: whoever made one sees it counted.
const forgetFields = (): void => fieldMemory.forget();
organization.post(/^(?:save|updateOne|updateMany|findOneAndUpdate|deleteOne)$/, forgetFields);
// A pattern does not reach this one.
organization.post('insertMany', forgetFields);
export const Organization = defineModel<OrganizationDocument>('Organization', 'organizations', organization);

export type AssessmentDocument = {
	_id: Id;
	organization: string;
	by: 'self' | 'station';
	author: Person;
	at: Date;
	levels: Levels;
	notes: Partial<Record<Dimension, string>>;
	overall: number;
	/** The version of the city's maturity model it was made with; 0 or absent: the platform's own. */
	modelVersion?: number;
	/** Where the record said otherwise at that time; absent in old ones. */
	contradicted?: { dimension: Dimension; kind: 'above' | 'below'; bound: number }[];
};

const assessment = new Schema<AssessmentDocument>({
	organization: { type: String, required: true },
	by: { type: String, enum: ['self', 'station'], required: true },
	author: { type: Schema.Types.Mixed, required: true },
	at: { type: Date, required: true },
	levels: { type: Schema.Types.Mixed, required: true },
	notes: mixed({}),
	overall: { type: Number, required: true },
	modelVersion: { type: Number, default: 0 },
	contradicted: mixed([])
});
assessment.index({ organization: 1, at: -1, _id: -1 });
export const Assessment = defineModel<AssessmentDocument>('Assessment', 'assessments', assessment);

/** How many organizations a station has, by status, gate and category: what those above it add up. */
export type TallyDocument = {
	/** The station's id. */
	_id: string;
	stationPath: string[];
	cells: { status: OrganizationStatus; gate: GateName; category: Category; count: number }[];
};
const tally = new Schema<TallyDocument>({
	_id: { type: String, required: true },
	stationPath: { type: [String], required: true },
	cells: mixed([])
});
tally.index({ stationPath: 1 });
tally.post('updateOne', forgetFields);
export const Tally = defineModel<TallyDocument>('OrganizationTally', 'organization_tallies', tally);

/** The last number given to each prefix of organization codes. */
export type CodeCounterDocument = { _id: string; last: number };
const codeCounter = new Schema<CodeCounterDocument>({
	_id: { type: String, required: true },
	last: { type: Number, required: true }
});
export const CodeCounter = defineModel<CodeCounterDocument>('CodeCounter', 'organization_codes', codeCounter);
