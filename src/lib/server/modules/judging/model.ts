import { defaultGroup } from '#lib/domain/judging/groups.ts';
import { judgeStatuses, scorecardStatuses } from '#lib/domain/judging/schema.ts';
import type { JudgeStatus, ScorecardStatus } from '#lib/domain/judging/types.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

/** A proposal the judge must not score, as declared by themselves or entered by the organizer. */
export type DeclaredConflict = {
	proposal: string;
	reason: string;
	at: Date;
	/** The name of who declared it. */
	by: string;
	/** Their id; absent in what was stored before it was kept, '' where the platform did. */
	byId?: string;
};

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
	/** The group the judge scores in; judges stored before there were groups have none and are experts. */
	group?: string;
	declared: DeclaredConflict[];
	status: JudgeStatus;
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
	group: { type: String, default: defaultGroup },
	declared: { type: Schema.Types.Mixed, default: [] },
	status: { type: String, enum: judgeStatuses, required: true },
	createdAt: { type: Date, required: true },
	version: { type: Number, default: 0 }
});
judge.index({ competition: 1, name: 1, _id: 1 });
judge.index({ competition: 1, user: 1 }, { unique: true, partialFilterExpression: { user: { $type: 'string' } } });
judge.post('updateOne', () => conflictsHeld.forget());

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
	/** Empty until the judge has accepted the invitation. */
	user: string;
	status: ScorecardStatus;
	/** Points by criterion, as typed. */
	scores: Record<string, number>;
	comments: Record<string, string>;
	overall: string;
	/** Total in hundredths of a point, once all criteria are filled; null before. */
	total: number | null;
	/** Criteria filled: progress in the queue. */
	filled: number;
	/** Place in the judge's queue, drawn by lot so that no proposal is last in every queue. */
	order: number;
	recusal: { reason: string; at: Date } | null;
	/** Which browser tab saved last and how many saves it had made, so that a repeated save is recognized. */
	lastSave: { client: string; seq: number };
	assignedAt: Date;
	startedAt: Date | null;
	savedAt: Date | null;
	submittedAt: Date | null;
	/** Who submitted it last, judge or typist; absent where that was not done here but brought along. */
	submittedBy?: { id: string; name: string } | null;
	/** When what a ranking counts last changed here: submitted, reopened, recused. Null: never counted. */
	touchedAt: Date | null;
	/** Set when the round closes; nothing is saved after it, whatever a cache elsewhere still believes. */
	closedAt: Date | null;
	reopened: { at: Date; byName: string; reason: string }[];
	/** Set when somebody typed it from the judge's paper, with who checked it against the paper. Absent: the judge's own. */
	paper?: PaperEntry | null;
	version: number;
};

export type PaperEntry = { by: string; byName: string; at: Date; checkedBy: string; checkedByName: string; checkedAt: Date | null };

const scorecard = new Schema<ScorecardDocument>({
	competition: { type: String, required: true },
	round: { type: String, required: true },
	proposal: { type: String, required: true },
	proposalNumber: { type: String, default: '' },
	proposalTitle: { type: String, default: '' },
	organizationName: { type: String, default: '' },
	judge: { type: String, required: true },
	user: { type: String, default: '' },
	status: { type: String, enum: scorecardStatuses, required: true },
	scores: { type: Schema.Types.Mixed, default: {} },
	comments: { type: Schema.Types.Mixed, default: {} },
	overall: { type: String, default: '' },
	total: { type: Number, default: null },
	filled: { type: Number, default: 0 },
	order: { type: Number, default: 0 },
	recusal: { type: Schema.Types.Mixed, default: null },
	lastSave: { type: Schema.Types.Mixed, default: { client: '', seq: 0 } },
	assignedAt: { type: Date, required: true },
	startedAt: { type: Date, default: null },
	savedAt: { type: Date, default: null },
	submittedAt: { type: Date, default: null },
	submittedBy: { type: Schema.Types.Mixed, default: null },
	touchedAt: { type: Date, default: null },
	closedAt: { type: Date, default: null },
	reopened: { type: Schema.Types.Mixed, default: [] },
	paper: { type: Schema.Types.Mixed, default: null },
	version: { type: Number, default: 0 }
});
scorecard.index({ competition: 1, round: 1, judge: 1, proposal: 1 }, { unique: true });
scorecard.index({ user: 1, competition: 1, order: 1, _id: 1 });
scorecard.index({ competition: 1, status: 1, proposal: 1 });
scorecard.index({ competition: 1, proposal: 1 });
scorecard.index({ competition: 1, touchedAt: -1 });
// A judge's are few and change their status often: an index over it would cost every submission more than a look at them.
scorecard.index({ judge: 1 });

/** Takes away indexes scorecards had once and nobody asks any more. */
export const dropFormerIndexes = async (): Promise<void> => {
	for (const name of ['user_1_status_1_competition_1', 'judge_1_status_1'])
		await Scorecard.collection.dropIndex(name).catch((error: { codeName?: string }) => {
			if (error.codeName !== 'IndexNotFound' && error.codeName !== 'NamespaceNotFound') throw error;
		});
};

/** How many proposals lack judges, by competition; every dealing, taking back and recusal of this process forgets it. */
export const shortages = createMemory<{ round: string; short: number }>({ name: 'shortages', freshMs: 10_000, staleMs: 60_000, most: 200 });

/** How many dealt pairs are in conflict, by competition; forgotten by the same and by whatever a judge is known by. */
export const conflictsHeld = createMemory<{ n: number }>({ name: 'conflicts-held', freshMs: 60_000, staleMs: 600_000, most: 200 });

const forgetDealt = (): void => {
	shortages.forget();
	conflictsHeld.forget();
};
scorecard.post(/^(?:deleteOne|deleteMany|updateMany|findOneAndUpdate)$/, forgetDealt);
// A pattern does not reach this one.
scorecard.post('insertMany', forgetDealt);

export const Scorecard = defineModel<ScorecardDocument>('Scorecard', 'scorecards', scorecard);

/** The same shape with the same indexes, for another collection. */
export const scorecardShape = (): typeof scorecard => scorecard.clone();

/** A run of the assignment, kept so that anybody with the inputs can repeat it. */
export type AssignmentDocument = {
	_id: Id;
	competition: string;
	round: string;
	seed: string;
	reviews: number;
	redeal: boolean;
	/** SHA-256 over the canonical inputs: proposals, judges with caps, conflicts, affinity, what was kept. */
	inputs: string;
	added: number;
	removed: number;
	load: { judge: string; n: number; cap: number | null }[];
	unfilled: { proposal: string; missing: number; reason: string }[];
	at: Date;
	byName: string;
};

const assignment = new Schema<AssignmentDocument>({
	competition: { type: String, required: true },
	round: { type: String, required: true },
	seed: { type: String, required: true },
	reviews: { type: Number, required: true },
	redeal: { type: Boolean, default: false },
	inputs: { type: String, required: true },
	added: { type: Number, required: true },
	removed: { type: Number, default: 0 },
	load: { type: Schema.Types.Mixed, required: true },
	unfilled: { type: Schema.Types.Mixed, required: true },
	at: { type: Date, required: true },
	byName: { type: String, default: '' }
});
assignment.index({ competition: 1, at: -1 });
assignment.post('save', () => shortages.forget());

export const Assignment = defineModel<AssignmentDocument>('Assignment', 'assignments', assignment);

/** Lets one assignment run at a time in a competition; `_id` is the competition's id, a dead holder is overtaken. */
export type AssignmentLockDocument = { _id: string; heldUntil: Date };

const assignmentLock = new Schema<AssignmentLockDocument>({
	_id: { type: String, required: true },
	heldUntil: { type: Date, required: true }
});
assignmentLock.index({ heldUntil: 1 }, { expireAfterSeconds: 3600 });

export const AssignmentLock = defineModel<AssignmentLockDocument>('AssignmentLock', 'assignmentlocks', assignmentLock);
