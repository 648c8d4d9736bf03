import type { Actor } from '#lib/domain/accounts/types.ts';
import { clockSteps } from '#lib/domain/competitions/clock.ts';
import { now } from '#lib/server/platform/clock.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { recordAct } from '../../audit/index.ts';
import { forgetCompetition, freshCompetition } from '../cache.ts';
import { Competition, type CompetitionDocument } from '../model.ts';

const clock: Actor = { kind: 'system', name: 'clock' };

/**
 * Writes down what the clock has done to a competition: opening and closing, each once and at its published time.
 * It leaves `version` alone, so that nobody's edit turns stale by the hour. Reading is right without it.
 */
export const settleClock = async (competition: CompetitionDocument): Promise<CompetitionDocument> => {
	const id = competition._id.toHexString();
	const steps = clockSteps(competition, now());
	for (const step of steps) {
		const entry = { ...step, by: null, byName: '', reason: '' };
		const done = await Competition.updateOne(
			{ _id: competition._id, state: step.from },
			{ $set: { state: step.to, stateSince: step.at }, $push: { history: entry } }
		);
		if (done.modifiedCount === 0) continue;
		await recordAct({ chain: `competition:${id}`, actor: clock, action: 'competition_transitioned', subject: id, detail: { ...step } });
		await publish({
			kind: 'competition.transitioned',
			key: `competition.transitioned:${id}:clock:${step.to}:${step.at.getTime()}`,
			payload: { competition: id, from: step.from, to: step.to, at: step.at.toISOString() }
		});
	}
	if (steps.length === 0) return competition;
	forgetCompetition(id);
	return freshCompetition(id);
};

/** Settles every competition whose time has come; run as a job. */
export const settleClocks = async (): Promise<void> => {
	const at = now();
	const due = await Competition.find({
		$or: [
			{ state: 'announced', 'timeline.opensAt': { $lte: at } },
			{ state: 'open', 'timeline.closesAt': { $lte: at } }
		]
	})
		.limit(100)
		.lean();
	for (const competition of due) await settleClock(competition);
};
