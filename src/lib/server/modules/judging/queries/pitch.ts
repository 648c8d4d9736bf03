import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { hashSecret } from '#lib/server/platform/secrets.ts';
import { competitionById, type CompetitionView } from '../../competitions/index.ts';
import { competitionFor } from '../access.ts';
import { pitchId, pitchRoundOf } from '../commands/conduct-pitch.ts';
import { Judge, Scorecard } from '../model.ts';
import { pitchSnapshot, watchPitch } from '../pitch-live.ts';
import { PitchSession } from '../pitch-model.ts';
import { consoleView, followView, screenView, type ConsoleView, type FollowView, type ScreenView } from '../pitch-views.ts';

/** A live view: its first state, and the way to follow it. `null` to the listener: the session is gone. */
export type Live<View> = { now: View; follow: (listener: (view: View | null) => void) => () => void };

const groupLabels = (competition: CompetitionView, round: string): Map<string, string> =>
	new Map((competition.rounds.find(({ key }) => key === round)?.groups ?? []).map(({ key, label }) => [key, label]));

/** The console of a pitch session for those who conduct it; null while no order has been drawn. */
export const pitchConsole = async (actor: Actor, competitionId: string, roundKey?: string): Promise<Live<ConsoleView> | null> => {
	const competition = await competitionFor(actor, competitionId, 'pitch.conduct');
	const round = pitchRoundOf(competition, roundKey);
	const id = pitchId(competitionId, round.key);
	const labels = groupLabels(competition, round.key);
	const snapshot = await pitchSnapshot(id);
	return (
		snapshot && {
			now: consoleView(snapshot, labels),
			follow: (listener) => watchPitch(id, (next) => listener(next && consoleView(next, labels)))
		}
	);
};

/** What a judge's phone follows in a competition; null while no pitches are on. 403 for who does not judge there. */
export const pitchToFollow = async (actor: Actor, competitionId: string): Promise<Live<FollowView> | null> => {
	if (actor.kind !== 'user' || !can(actor, 'scorecard.score', { owner: actor.id, competition: competitionId })) throw forbidden();
	const [judge, session] = await Promise.all([
		Judge.findOne({ competition: competitionId, user: actor.id, status: { $ne: 'removed' } }, { _id: 1 }).lean(),
		PitchSession.findOne({ competition: competitionId, status: 'running' }, { _id: 1 }).lean()
	]);
	if (!judge) throw forbidden();
	const snapshot = session && (await pitchSnapshot(session._id));
	if (!session || !snapshot) return null;
	const own = judge._id.toHexString();
	return {
		now: followView(snapshot, own),
		follow: (listener) => watchPitch(session._id, (next) => listener(next && followView(next, own)))
	};
};

/** Competitions with running pitches in which the actor has scorecards. */
export const runningPitches = async (actor: Actor, competitions: readonly string[]): Promise<string[]> => {
	if (actor.kind !== 'user' || competitions.length === 0) return [];
	const sessions = await PitchSession.find({ competition: { $in: competitions }, status: 'running' }, { competition: 1, round: 1 }).lean();
	const own = await Promise.all(
		sessions.map(({ competition, round }) => Scorecard.exists({ user: actor.id, competition, round, status: { $ne: 'recused' } }))
	);
	return sessions.flatMap(({ competition }, at) => (own[at] ? [competition] : []));
};

/** The screen of the hall, opened by the secret of its link. A link that was replaced shows nothing any more. */
export const pitchScreen = async (secret: string): Promise<Live<ScreenView>> => {
	const screenHash = hashSecret(secret);
	const found = secret === '' ? null : await PitchSession.findOne({ screenHash }, { _id: 1 }).lean();
	const snapshot = found && (await pitchSnapshot(found._id));
	if (!found || !snapshot) throw notFound();
	const competition = await competitionById(snapshot.session.competition);
	const labels = groupLabels(competition, snapshot.session.round);
	return {
		now: screenView(snapshot, labels),
		follow: (listener) =>
			watchPitch(found._id, (next) => listener(next && next.session.screenHash === screenHash ? screenView(next, labels) : null))
	};
};
