import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { defineModel, Schema } from '#lib/server/platform/db/index.ts';
import { actKey, expectAct, recordAct, recordedActs, recordSoon, type AuditAct } from '../audit/index.ts';
import { competitionsInJudging } from '../competitions/index.ts';
import { Scorecard, type ScorecardDocument } from './model.ts';

/** Up to when a competition's submissions are known to be on record; `_id` is the competition's id. */
type RecordedThrough = { _id: string; through: Date };

const recordedThrough = new Schema<RecordedThrough>({
	_id: { type: String, required: true },
	through: { type: Date, required: true }
});

const RecordedThrough = defineModel<RecordedThrough>('SubmissionsRecordedThrough', 'submissionsrecorded', recordedThrough);

/** Submissions younger than this may still be on their way into the record, milliseconds. */
const graceMs = 60_000;

/** How far behind the last look the next one begins, for clocks that differ and writes that were long under way, milliseconds. */
const overlapMs = 5 * 60_000;

type Submitted = Pick<ScorecardDocument, '_id' | 'competition' | 'judge' | 'proposal' | 'total' | 'paper' | 'submittedAt' | 'submittedBy'>;

const submittedFields = { competition: 1, judge: 1, proposal: 1, total: 1, paper: 1, submittedAt: 1, submittedBy: 1 } as const;

/** Each judge has a chain of their own: a hall full of judges submitting at once does not queue at one chain's end. */
export const judgeChain = (competition: string, judge: string): string => `judging:${competition}:${judge}`;

/** The act of a submission, read from the card; null of cards not submitted or not by a person here. */
const actOf = ({ _id, competition, judge, proposal, total, paper, submittedAt, submittedBy }: Submitted, from: number): AuditAct | null => {
	if (!submittedAt || !submittedBy) return null;
	const actor: Actor = { kind: 'user', ...submittedBy, grants: [] };
	return {
		chain: judgeChain(competition, judge),
		actor,
		action: paper ? 'scorecard_keyed_in' : 'scorecard_submitted',
		subject: _id.toHexString(),
		detail: { proposal, total },
		done: { at: submittedAt, from }
	};
};

/**
 * A card met for the first time will be submitted: the end of its judge's chain is looked up ahead, so that nobody has to
 * look for the act itself.
 */
export const expectSubmission = ({ competition, judge }: Submitted): void => expectAct(judgeChain(competition, judge));

/**
 * Puts a submission just stored on record, in a moment. The card says who submitted it and when, so that a crash in between
 * is made good by {@link recordMissing}. `from`: when its writer set out, by `performance.now()`.
 */
export const recordSubmission = async (card: Submitted, from: number): Promise<void> => {
	const act = actOf(card, from);
	if (act) await recordSoon(act);
};

/** Puts a submission on record now unless it is, before its card forgets it. */
export const ensureRecorded = async (card: Submitted): Promise<void> => {
	const act = actOf(card, 0);
	if (act) await recordAct(act);
};

/** Records what a crash kept from being recorded of a competition's submissions of a time, judge by judge. */
export const recordMissing = async (competition: string, since: Date, until: Date): Promise<void> => {
	const touched = { competition, touchedAt: { $gte: since, $lte: until } };
	for (const judge of await Scorecard.distinct('judge', touched)) {
		const cards: Submitted[] = await Scorecard.find({ ...touched, judge, submittedAt: { $type: 'date' } }, submittedFields).lean();
		const recorded = await recordedActs(
			judgeChain(competition, judge),
			cards.map(({ _id }) => _id.toHexString())
		);
		for (const card of cards) if (!recorded.has(actKey(card._id.toHexString(), card.submittedAt))) await ensureRecorded(card);
	}
};

/** Goes after submissions that are not on record, in all competitions being judged; run as a job. */
export const settleSubmissionRecords = async (): Promise<void> => {
	for (const competition of await competitionsInJudging()) {
		const known = await RecordedThrough.findById(competition).lean();
		const through = new Date(now().getTime() - graceMs);
		await recordMissing(competition, new Date((known?.through.getTime() ?? overlapMs) - overlapMs), through);
		await RecordedThrough.updateOne({ _id: competition }, { $max: { through } }, { upsert: true });
	}
};
