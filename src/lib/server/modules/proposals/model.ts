import { proposalStatuses } from '#lib/domain/proposals/schema.ts';
import type { FieldMark } from '#lib/domain/proposals/merge.ts';
import type { AnswerOrigin } from '#lib/domain/proposals/origins.ts';
import type { BudgetLine, Consent, ProposalStatus } from '#lib/domain/proposals/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';
import type { StoredFile } from '#lib/server/platform/files.ts';

/** What a group writes; frozen copies of it are kept for every submission. */
export type ProposalContent = {
	title: string;
	track: string;
	answers: Record<string, string>;
	budget: BudgetLine[];
	requested: number;
	selfRaised: number;
	withinCharter: boolean;
	attachments: StoredFile[];
};

export type ScreeningRecord = {
	outcome: 'pass' | 'return' | 'reject';
	checklist: Record<string, boolean>;
	reason: string;
	correctBy: Date | null;
	by: string;
	byName: string;
	at: Date;
	/** Version of the submission that was screened. */
	submission: number;
	/** The head's word where two disagreed. */
	deciding?: boolean;
	/** What to correct, by field. */
	points?: { field: string; text: string }[];
};

/** The published decision. `amount` in fen. */
export type ProposalOutcome = { kind: 'fund' | 'reserve' | 'decline'; amount: number; at: Date };

/** A group's consent to proxy entry as a worker recorded it. */
export type StoredConsent = Consent & { byName: string; at: Date };

export type ProposalDocument = ProposalContent & {
	_id: Id;
	competition: string;
	/** The station of the organization, and the way down to it. */
	station: string;
	stationPath: string[];
	organization: string;
	/** `competition:organization` while one proposal each is the rule and this one stands; the unique index keeps it one. */
	sole?: string;
	/** As it was called when the proposal was last saved; lists need no second read. */
	organizationName: string;
	/** Receipt number, given once at the first submission: `summer-007`. */
	number: string | null;
	/** The number's last part, for sorting beyond 999. */
	seq: number | null;
	status: ProposalStatus;
	/** How often it was submitted; each submission is kept frozen. */
	submissions: number;
	submittedAt: Date | null;
	/** False from a submission until its number, frozen copy and event are written; a job goes on where a crash stopped. */
	settled: boolean;
	screening: ScreeningRecord[];
	/** Who has opened the opinions of a submission to settle a disagreement about it. */
	arbiters?: { by: string; byName: string; submission: number; at: Date }[];
	createdAt: Date;
	createdBy: string;
	createdByName: string;
	/** Entered by a worker for the group. */
	proxy: boolean;
	/** What that worker says of the group's consent; not there in what was entered before it was asked. */
	consent?: StoredConsent | null;
	updatedAt: Date;
	/** Who saved each field last (`title`, `answers.need`, `budget`), for merging two editors. */
	savedBy: Record<string, FieldMark>;
	/** Where the first words of answers came from, by the question's key. */
	origins?: Record<string, AnswerOrigin>;
	/** Until when each of the group's people has read what they were told: amendments, outcomes. By user id. */
	seen?: Record<string, Date>;
	/** What the decision gave, once it is published: for the group, and for the rule on repeated winners. */
	outcome: ProposalOutcome | null;
	version: number;
};

const schema = new Schema<ProposalDocument>({
	competition: { type: String, required: true },
	station: { type: String, required: true },
	stationPath: { type: [String], required: true },
	organization: { type: String, required: true },
	organizationName: { type: String, required: true },
	sole: { type: String },
	number: { type: String },
	seq: { type: Number, default: null },
	title: { type: String, default: '' },
	track: { type: String, default: '' },
	answers: { type: Schema.Types.Mixed, default: {} },
	budget: { type: Schema.Types.Mixed, default: [] },
	requested: { type: Number, default: 0 },
	selfRaised: { type: Number, default: 0 },
	withinCharter: { type: Boolean, default: false },
	attachments: { type: Schema.Types.Mixed, default: [] },
	status: { type: String, enum: proposalStatuses, required: true },
	submissions: { type: Number, default: 0 },
	submittedAt: { type: Date, default: null },
	settled: { type: Boolean, default: true },
	screening: { type: Schema.Types.Mixed, default: [] },
	arbiters: { type: Schema.Types.Mixed, default: [] },
	createdAt: { type: Date, required: true },
	createdBy: { type: String, required: true },
	createdByName: { type: String, default: '' },
	proxy: { type: Boolean, default: false },
	consent: { type: Schema.Types.Mixed, default: null },
	updatedAt: { type: Date, required: true },
	savedBy: { type: Schema.Types.Mixed, default: {} },
	origins: { type: Schema.Types.Mixed, default: {} },
	seen: { type: Schema.Types.Mixed, default: {} },
	outcome: { type: Schema.Types.Mixed, default: null },
	version: { type: Number, default: 0 }
});
schema.index({ competition: 1, status: 1, seq: 1, _id: 1 });
schema.index({ competition: 1, seq: 1, _id: 1 });
schema.index({ competition: 1, requested: 1, _id: 1 });
schema.index({ competition: 1, submittedAt: 1, _id: 1 });
schema.index({ competition: 1, organization: 1 });
schema.index({ organization: 1, createdAt: -1, _id: -1 });
schema.index({ station: 1, status: 1, updatedAt: -1, _id: -1 });
schema.index({ number: 1, competition: 1 }, { unique: true, partialFilterExpression: { number: { $type: 'string' } } });
schema.index({ sole: 1 }, { unique: true, partialFilterExpression: { sole: { $type: 'string' } } });
schema.index({ settled: 1, submittedAt: 1 });

export const Proposal = defineModel<ProposalDocument>('Proposal', 'proposals', schema);

/** A submission as it was at that moment, never changed afterwards. */
export type SubmissionDocument = {
	_id: Id;
	proposal: string;
	competition: string;
	n: number;
	content: ProposalContent;
	/** SHA-256 over the canonical content. */
	digest: string;
	at: Date;
	by: string;
	byName: string;
};

const submission = new Schema<SubmissionDocument>({
	proposal: { type: String, required: true },
	competition: { type: String, required: true },
	n: { type: Number, required: true },
	content: { type: Schema.Types.Mixed, required: true },
	digest: { type: String, required: true },
	at: { type: Date, required: true },
	by: { type: String, required: true },
	byName: { type: String, default: '' }
});
submission.index({ proposal: 1, n: 1 }, { unique: true });

export const Submission = defineModel<SubmissionDocument>('Submission', 'submissions', submission);

/** A ban from applying after a breach, until a day. */
export type SanctionDocument = { _id: Id; organization: string; until: Date; reason: string; at: Date; by: string | null; key: string };

const sanction = new Schema<SanctionDocument>({
	organization: { type: String, required: true },
	until: { type: Date, required: true },
	reason: { type: String, required: true },
	at: { type: Date, required: true },
	by: { type: String, default: null },
	key: { type: String, required: true }
});
sanction.index({ key: 1 }, { unique: true });
sanction.index({ organization: 1, until: -1 });

export const Sanction = defineModel<SanctionDocument>('Sanction', 'sanctions', sanction);
