import { now } from '#lib/server/platform/clock.ts';
import { subscribe } from '#lib/server/platform/outbox.ts';
import { sealChains } from '../audit/index.ts';
import { chainOf } from './access.ts';
import { bindJudge } from './commands/bind-judge.ts';
import { writeResult } from './commands/publish-result.ts';
import { registerJudgingGuards } from './guards.ts';
import { Judge, Scorecard } from './model.ts';
import { forgetRanking } from './ranking-store.ts';
import { Decision } from './results-model.ts';
import { judgeChain, recordMissing } from './submissions.ts';

/** Nothing is scored after the round closed: every scorecard is shut, so no stale cache lets a change through. */
const closeRound = async (competition: string): Promise<void> => {
	await Scorecard.updateMany({ competition, closedAt: null }, { $set: { closedAt: now() } });
	await forgetRanking(competition);
	const judges = await Judge.find({ competition }, { _id: 1 }).lean();
	await recordMissing(competition, new Date(0), now());
	const chains = judges.map(({ _id }) => judgeChain(competition, _id.toHexString()));
	await sealChains(chainOf(competition), { kind: 'system', name: 'judging' }, chains, competition);
};

const reopenRound = async (competition: string): Promise<void> => {
	await Scorecard.updateMany({ competition, closedAt: { $type: 'date' } }, { $set: { closedAt: null } });
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Follows what happens elsewhere: accepted invitations, steps of competitions, withdrawn proposals. */
export const wireJudging = (): void => {
	registerJudgingGuards();
	subscribe('invitation.accepted', 'judging', async ({ payload }) => {
		const reference = text(payload.reference);
		if (reference.startsWith('judge:')) await bindJudge(reference.slice('judge:'.length), text(payload.userId));
	});
	subscribe('competition.transitioned', 'judging', async ({ payload }) => {
		const competition = text(payload.competition);
		if (payload.to === 'deliberation' && payload.from === 'judging') await closeRound(competition);
		// Back from the notice after an objection: the decision may change, the next notice gets a number of its own.
		if (payload.to === 'deliberation' && payload.from === 'notice')
			await Decision.updateOne({ _id: competition }, { $set: { publishedAs: null } });
		if (payload.to === 'judging') await reopenRound(competition);
		if (payload.to === 'notice') await writeResult(competition);
	});
	subscribe('proposal.withdrawn', 'judging', async ({ payload }) => forgetRanking(text(payload.competition)));
};
