import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { remindSchema } from '#lib/domain/judging/schema.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { conflict, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { chainOf, competitionFor } from '../access.ts';
import { Judge, Scorecard } from '../model.ts';
import { Reminder } from '../panel-model.ts';

/** How many were reminded now, and how many had been today already. */
export type Reminded = { reminded: number; already: number };

/**
 * Reminds judges of their open scorecards: one, or everybody who is behind and has accepted. It appears on their home
 * page and in their queue; with `round`, only who is behind in that one. A judge is reminded once a day at most, whoever asks.
 * @throws not found for a judge of another competition, conflict when nobody is behind
 */
export const remind = async (actor: Actor, competitionId: string, input: z.infer<typeof remindSchema>): Promise<Reminded> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	if (competition.state !== 'judging') throw conflict('score_round_closed');
	const [judges, cards] = await Promise.all([
		Judge.find({ competition: competitionId, status: 'accepted' }, { user: 1 }).lean(),
		Scorecard.find({ competition: competitionId, status: { $in: ['assigned', 'draft'] }, closedAt: null, ...(input.round ? { round: input.round } : {}) }, { judge: 1 }).lean()
	]);
	const open = new Map<string, number>();
	for (const { judge } of cards) open.set(judge, (open.get(judge) ?? 0) + 1);
	const wanted = judges.map(({ _id, user }) => ({ id: _id.toHexString(), user: user ?? '' })).filter(({ id }) => input.judge === 'all' || id === input.judge);
	if (input.judge !== 'all' && wanted.length === 0) throw notFound();
	const behind = wanted.filter(({ id, user }) => user !== '' && (open.get(id) ?? 0) > 0);
	if (behind.length === 0) throw conflict('remind_nobody');
	const at = now();
	const byName = actor.kind === 'user' ? actor.name : '';
	const due = competition.timeline.scoringUntil;
	const sent = await Promise.all(
		behind.map(async ({ id, user }): Promise<string[]> => {
			try {
				const text = { text: input.text, at, byName };
				await Reminder.create({ _id: `${id}:${dayOf(at)}`, competition: competitionId, judge: id, user, open: open.get(id) ?? 0, due, ...text });
				return [id];
			} catch (error) {
				if (isDuplicateKey(error)) return [];
				throw error;
			}
		})
	);
	const reminded = sent.flat();
	if (reminded.length > 0)
		await recordAct({ chain: chainOf(competitionId), actor, action: 'judges_reminded', subject: competitionId, detail: { judges: reminded, text: input.text } });
	return { reminded: reminded.length, already: behind.length - reminded.length };
};
