import { scorecardStatuses } from '#lib/domain/judging/schema.ts';
import type { ScorecardStatus } from '#lib/domain/judging/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

/** A judge of one competition; `user` is null until the invitation is accepted. */
export type JudgeDocument = {
	_id: Id;
	competition: string;
	user: string | null;
	name: string;
	phone: string;
	email: string;
	employer: string;
	expertise: string[];
	cap: number | null;
	/** Proposals the judge must not score, as declared by themselves or entered by the organizer. */
	declared: { proposal: string; reason: string; at: Date }[];
	status: 'invited' | 'accepted' | 'removed';
	createdAt: Date;
	version: number;
};

const judge = new Schema<JudgeDocument>({
	competition: { type: String, required: true },
	user: { type: String, default: null },
	name: { type: String, required: true },
	phone: { type: String, default: '' },
	email: { type: String, default: '' },
	employer: { type: String, default: '' },
	expertise: { type: [String], default: [] },
	cap: { type: Number, default: null },
	declared: { type: Schema.Types.Mixed, default: [] },
	status: { type: String, enum: ['invited', 'accepted', 'removed'], required: true },
	createdAt: { type: Date, required: true },
	version: { type: Number, default: 0 }
});
judge.index({ competition: 1, name: 1, _id: 1 });
judge.index({ competition: 1, user: 1 }, { unique: true, partialFilterExpression: { user: { $type: 'string' } } });
judge.index({ user: 1, status: 1 });

export const Judge = defineModel<JudgeDocument>('Judge', 'judges', judge);

/** One judge's scores of one proposal in one round; the unique index allows a single one. */
export type ScorecardDocument = {
	_id: Id;
	competition: string;
	round: string;
	proposal: string;
	/** Precomputed for the queue, so that a list needs no second read. */
	proposalNumber: string;
	proposalTitle: string;
	organizationName: string;
	judge: string;
	user: string;
	status: ScorecardStatus;
	/** Points by criterion, as typed. */
	scores: Record<string, number>;
	comments: Record<string, string>;
	overall: string;
	/** Total in hundredths of a point, once all criteria are filled; null before. */
	total: number | null;
	/** Criteria filled, of how many: progress in the queue. */
	filled: number;
	order: number;
	recusal: { reason: string; at: Date } | null;
	assignedAt: Date;
	startedAt: Date | null;
	submittedAt: Date | null;
	reopened: { at: Date; byName: string; reason: string }[];
	version: number;
};

const scorecard = new Schema<ScorecardDocument>({
	competition: { type: String, required: true },
	round: { type: String, required: true },
	proposal: { type: String, required: true },
	proposalNumber: { type: String, default: '' },
	proposalTitle: { type: String, default: '' },
	organizationName: { type: String, default: '' },
	judge: { type: String, required: true },
	user: { type: String, required: true },
	status: { type: String, enum: scorecardStatuses, required: true },
	scores: { type: Schema.Types.Mixed, default: {} },
	comments: { type: Schema.Types.Mixed, default: {} },
	overall: { type: String, default: '' },
	total: { type: Number, default: null },
	filled: { type: Number, default: 0 },
	order: { type: Number, default: 0 },
	recusal: { type: Schema.Types.Mixed, default: null },
	assignedAt: { type: Date, required: true },
	startedAt: { type: Date, default: null },
	submittedAt: { type: Date, default: null },
	reopened: { type: Schema.Types.Mixed, default: [] },
	version: { type: Number, default: 0 }
});
scorecard.index({ competition: 1, round: 1, judge: 1, proposal: 1 }, { unique: true });
scorecard.index({ user: 1, status: 1, competition: 1, order: 1, _id: 1 });
scorecard.index({ competition: 1, round: 1, status: 1, proposal: 1 });
scorecard.index({ competition: 1, proposal: 1 });

export const Scorecard = defineModel<ScorecardDocument>('Scorecard', 'scorecards', scorecard);
