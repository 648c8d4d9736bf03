import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { compare, parseDecimal, toNumber } from '#lib/domain/judging/exact.ts';
import { combinedRanking } from '#lib/domain/judging/rounds.ts';
import type { advanceSchema } from '#lib/domain/judging/schema.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, invalidField } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { beforeRoundCloses, chainOf, competitionFor } from '../access.ts';
import { Judge, Scorecard } from '../model.ts';
import { rankingSources } from '../round-inputs.ts';
import { forgetRanking } from '../ranking-store.ts';
import { Advancement, JuryCode, type AdvanceRule } from '../rounds-model.ts';

type Input = z.infer<typeof advanceSchema>;

/** Who goes on: by the ranking over the rounds before the one gone on to. */
const chosen = async (competition: CompetitionView, input: Input, at: number): Promise<{ proposals: string[]; rule: AdvanceRule }> => {
	const { input: sources } = await rankingSources(competition);
	const { ranked } = combinedRanking({ ...sources, rounds: sources.rounds.slice(0, at) });
	if (input.by === 'chosen') {
		const known = new Set(sources.proposals);
		const [stranger] = input.proposals.filter((proposal) => !known.has(proposal));
		if (stranger) throw invalidField('proposals', 'not_found');
		return { proposals: [...new Set(input.proposals)], rule: { kind: 'chosen' } };
	}
	if (ranked.length === 0) throw conflict('advance_nothing_scored');
	if (input.by === 'top') return { proposals: ranked.slice(0, input.n).map(({ proposal }) => proposal), rule: { kind: 'top', n: input.n } };
	const line = parseDecimal(String(input.points));
	if (!line) throw invalidField('points', 'number');
	const over = ranked.filter(({ score }) => compare(score, line) >= 0).map(({ proposal }) => proposal);
	if (over.length === 0) throw invalidField('points', 'advance_nobody');
	return { proposals: over, rule: { kind: 'line', hundredths: Math.round(toNumber(line) * 100) } };
};

/**
 * Decides who goes on to a later round: a person's act with a reason, logged. May be done again until somebody has
 * begun to score that round; scorecards of those left out that nobody started go back.
 */
export const advance = async (actor: Actor, competitionId: string, input: Input): Promise<{ round: string; proposals: string[]; rule: AdvanceRule }> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	await refuseJudges(actor, competitionId);
	beforeRoundCloses(competition);
	const at = competition.rounds.findIndex(({ key }) => key === input.round);
	if (at < 1) throw invalidField('round', 'choose_one');
	const begun = await Promise.all([
		Scorecard.exists({ competition: competitionId, round: input.round, status: { $in: ['draft', 'submitted'] } }),
		JuryCode.exists({ competition: competitionId, round: input.round, status: 'used' })
	]);
	if (begun.some(Boolean)) throw conflict('advance_round_begun');
	const { proposals, rule } = await chosen(competition, input, at);
	const byName = actor.kind === 'user' ? actor.name : '';
	await Advancement.updateOne(
		{ _id: `${competitionId}:${input.round}` },
		{
			$set: { competition: competitionId, round: input.round, proposals, rule, reason: input.reason, at: now(), byName },
			$inc: { version: 1 }
		},
		{ upsert: true }
	);
	await Scorecard.deleteMany({ competition: competitionId, round: input.round, status: 'assigned', proposal: { $nin: proposals } });
	await forgetRanking(competitionId);
	await recordAct({
		chain: chainOf(competitionId),
		actor,
		action: 'round_advanced',
		subject: competitionId,
		detail: { round: input.round, rule, proposals, reason: input.reason }
	});
	return { round: input.round, proposals, rule };
};

/** Who judges in a competition does not choose by its scores while it runs. */
const refuseJudges = async (actor: Actor, competition: string): Promise<void> => {
	if (actor.kind === 'user' && (await Judge.exists({ competition, user: actor.id, status: { $ne: 'removed' } })))
		throw conflict('rank_hidden_from_judges');
};
