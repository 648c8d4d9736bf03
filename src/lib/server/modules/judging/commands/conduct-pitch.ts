import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Round } from '#lib/domain/competitions/types.ts';
import { readyState, takeAct, type PitchAct } from '#lib/domain/judging/pitch.ts';
import { drawOrder } from '#lib/domain/judging/random.ts';
import type { pitchActSchema, pitchDrawSchema } from '#lib/domain/judging/schema.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { AppError, conflict, invalidField, stale } from '#lib/server/platform/errors.ts';
import { hashSecret, newSecret } from '#lib/server/platform/secrets.ts';
import { recordAct } from '../../audit/index.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { beforeRoundCloses, chainOf, competitionFor } from '../access.ts';
import { Scorecard } from '../model.ts';
import { nudgePitch } from '../pitch-live.ts';
import { PitchSession, type PitchDocument, type Standing } from '../pitch-model.ts';
import { standingOf } from '../pitch-standing.ts';
import { proposalsInRound } from '../round-inputs.ts';

/** The pitch round of a key; without one the first that there is. */
export const pitchRoundOf = (competition: CompetitionView, key?: string): Round => {
	const round = competition.rounds.find((one) => one.kind === 'pitch' && (key === undefined || one.key === key));
	if (!round) throw conflict('pitch_not_pitch_round');
	return round;
};

export const pitchId = (competition: string, round: string): string => `${competition}:${round}`;

const nameOf = (actor: Actor): string => (actor.kind === 'user' ? actor.name : '');

/**
 * Draws the order of the pitches by lot from a seed and the proposals' numbers. Before the start it may be drawn
 * again, for a reason; every draw is logged.
 */
export const drawPitch = async (actor: Actor, competitionId: string, input: z.infer<typeof pitchDrawSchema>): Promise<PitchDocument> => {
	const competition = await competitionFor(actor, competitionId, 'pitch.conduct');
	beforeRoundCloses(competition);
	const round = pitchRoundOf(competition, input.round);
	const proposals = await proposalsInRound(competition, round.key);
	if (proposals.length === 0) throw conflict('pitch_no_proposals');
	const _id = pitchId(competitionId, round.key);
	const before = await PitchSession.findById(_id).lean();
	if (before && before.status !== 'ready') throw conflict('pitch_started');
	if (before && input.reason === '') throw invalidField('reason', 'pitch_redraw_reason');
	const seed = input.seed === '' ? newSecret(9) : input.seed;
	const at = now();
	const byNumber = new Map(proposals.map((proposal) => [proposal.number, proposal]));
	const items = drawOrder(seed, [...byNumber.keys()]).flatMap((number) => {
		const proposal = byNumber.get(number);
		return proposal
			? [
					{
						...{ proposal: proposal.id, number, title: proposal.title, organization: proposal.organizationName },
						...{ presentedAt: null, scoring: 'waiting' as const, revealedAt: null }
					}
				]
			: [];
	});
	const state = readyState(items, {
		talkSeconds: Math.round(input.talkMinutes * 60),
		questionSeconds: Math.round(input.questionMinutes * 60),
		opensAfter: input.opensAfter
	});
	try {
		await PitchSession.updateOne(
			{ _id, status: 'ready' },
			{
				$set: {
					...state,
					...{ competition: competitionId, competitionTitle: competition.title, round: round.key, roundLabel: round.label },
					...{ seed, standing: [], startedAt: null, endedAt: null, updatedAt: at }
				},
				$push: { draws: { seed, at, byName: nameOf(actor), reason: input.reason } },
				$inc: { version: 1 }
			},
			{ upsert: true }
		);
	} catch (error) {
		// It was started between the look and the draw.
		if (isDuplicateKey(error)) throw conflict('pitch_started');
		throw error;
	}
	await recordAct({
		chain: chainOf(competitionId),
		actor,
		action: 'pitch_drawn',
		subject: competitionId,
		detail: { round: round.key, seed, order: items.map(({ number }) => number), reason: input.reason }
	});
	nudgePitch(_id);
	return sessionOf(_id);
};

const sessionOf = async (_id: string): Promise<PitchDocument> => {
	const session = await PitchSession.findById(_id).lean();
	if (!session) throw conflict('pitch_none');
	return session;
};

type Input = z.infer<typeof pitchActSchema>;

const actOf = ({ round: _round, version: _version, ...act }: Input): PitchAct => act;

/** Acts that are logged; the clock is not. */
const logged: readonly PitchAct['act'][] = ['start', 'present', 'open', 'close', 'reveal', 'end'];

/**
 * Takes an act at the console. Two consoles at once: the second is told that things have moved on (409 with the
 * present state). Closing shuts the scorecards themselves, so that no save slips in behind it.
 */
export const conductPitch = async (actor: Actor, competitionId: string, input: Input): Promise<PitchDocument> => {
	const competition = await competitionFor(actor, competitionId, 'pitch.conduct');
	const round = pitchRoundOf(competition, input.round);
	const _id = pitchId(competitionId, round.key);
	const session = await sessionOf(_id);
	if (input.version !== session.version) throw stale(current(session));
	if (competition.state !== 'judging') throw conflict('pitch_judging_first');
	if (input.act === 'start') await sureOfOrder(competition, round, session);
	const at = now();
	const outcome = takeAct(session, actOf(input), at);
	if (!outcome.ok) throw new AppError('conflict', outcome.code, { params: outcome.params, current: current(session) });
	const revealed = input.act === 'reveal' ? await standingWith(competition, round, session, input.proposal) : session.standing;
	const after = await PitchSession.findOneAndUpdate(
		{ _id, version: session.version },
		{
			$set: {
				...{ status: outcome.state.status, items: outcome.state.items, current: outcome.state.current, timer: outcome.state.timer },
				standing: revealed,
				updatedAt: at,
				...(input.act === 'start' ? { startedAt: at } : {}),
				...(input.act === 'end' ? { endedAt: at, endReason: input.reason } : {})
			},
			$inc: { version: 1 }
		},
		{ returnDocument: 'after' }
	).lean();
	if (!after) throw stale(current(await sessionOf(_id)));
	await shutOrOpen(after, outcome.touched);
	nudgePitch(_id);
	if (logged.includes(input.act))
		await recordAct({
			chain: chainOf(competitionId),
			actor,
			action: `pitch_${input.act}`,
			subject: competitionId,
			detail: {
				round: round.key,
				...('proposal' in input && input.proposal ? { proposal: input.proposal } : {}),
				...('reason' in input && input.reason ? { reason: input.reason } : {}),
				...(input.act === 'reveal' ? { score: revealed.find(({ proposal }) => proposal === input.proposal)?.score ?? null } : {})
			}
		});
	return after;
};

/** An order drawn before it was settled who goes on would call up groups nobody can score. */
const sureOfOrder = async (competition: CompetitionView, round: Round, session: PitchDocument): Promise<void> => {
	const taking = new Set((await proposalsInRound(competition, round.key)).map(({ id }) => id));
	const drawn = new Set(session.items.map(({ proposal }) => proposal));
	const gone = [...drawn].filter((id) => !taking.has(id)).length;
	const missing = [...taking].filter((id) => !drawn.has(id)).length;
	if (gone + missing > 0) throw conflict('pitch_order_old', { gone, missing });
};

/** What a console that is behind gets to see. */
const current = ({ version, status, current: onStage }: PitchDocument) => ({ version, status, current: onStage });

/** Makes the scorecards follow the session. */
const shutOrOpen = async (session: PitchDocument, touched: readonly string[]): Promise<void> => {
	const { competition, round } = session;
	const those = (open: boolean): string[] =>
		session.items.flatMap(({ proposal, scoring }) => (touched.includes(proposal) && (scoring === 'open') === open ? [proposal] : []));
	const [opened, shut] = [those(true), those(false)];
	if (opened.length > 0) await Scorecard.updateMany({ competition, round, proposal: { $in: opened } }, { $set: { closedAt: null } });
	if (shut.length > 0)
		await Scorecard.updateMany({ competition, round, proposal: { $in: shut }, closedAt: null }, { $set: { closedAt: session.updatedAt } });
};

/** The standing of all revealed proposals with one more, from the scorecards as they are now. */
const standingWith = async (competition: CompetitionView, round: Round, session: PitchDocument, proposal: string): Promise<Standing[]> => {
	// A save that was under way when scoring closed is shut out before anything is counted.
	await Scorecard.updateMany({ competition: session.competition, round: round.key, proposal, closedAt: null }, { $set: { closedAt: now() } });
	const proposals = session.items.flatMap((item) => (item.scoring === 'revealed' || item.proposal === proposal ? [item.proposal] : []));
	const standing = await standingOf(competition, round, proposals);
	if (!standing.some((one) => one.proposal === proposal)) throw conflict('pitch_no_scores');
	return standing;
};

/** A fresh link for the hall's screen; the one before stops working. The secret is in this answer only. */
export const linkScreen = async (actor: Actor, competitionId: string, roundKey?: string): Promise<{ secret: string }> => {
	const competition = await competitionFor(actor, competitionId, 'pitch.conduct');
	const round = pitchRoundOf(competition, roundKey);
	const secret = newSecret(16);
	const { matchedCount } = await PitchSession.updateOne(
		{ _id: pitchId(competitionId, round.key) },
		{ $set: { screenHash: hashSecret(secret), updatedAt: now() }, $inc: { version: 1 } }
	);
	if (matchedCount === 0) throw conflict('pitch_none');
	await recordAct({ chain: chainOf(competitionId), actor, action: 'pitch_screen_linked', subject: competitionId, detail: { round: round.key } });
	return { secret };
};
