import type { Round } from '#lib/domain/competitions/types.ts';
import { toHundredths } from '#lib/domain/judging/exact.ts';
import { officialRanking, type OfficialRanking, type ScorecardTotal } from '#lib/domain/judging/ranking.ts';
import { competitionById, type CompetitionView } from '../competitions/index.ts';
import { nudgePitch } from './pitch-live.ts';
import { PitchSession, type Standing } from './pitch-model.ts';
import { isBallot, rankingSources } from './round-inputs.ts';

/** How these proposals stand in a round by the scorecards as they are now. */
export const standingOf = async (competition: CompetitionView, round: Round, proposals: readonly string[]): Promise<Standing[]> => {
	const { input } = await rankingSources(competition);
	const source = input.rounds.find(({ key }) => key === round.key);
	const scorecards = source?.scorecards ?? [];
	const { ranked } = officialRanking({
		proposals,
		scorecards,
		// Every further card would move calibrated scores the hall has seen already, so until the end it sees the mean.
		rule: round.rule === 'calibrated' ? 'mean' : round.rule,
		groups: source?.groups,
		tieBreak: { criteria: round.tieBreak, seed: competition.drawSeed }
	});
	return ranked.map((one) => ({ ...placeOf(one, scorecards), ...(round.rule === 'calibrated' ? { provisional: true } : {}) }));
};

const placeOf = (one: OfficialRanking['ranked'][number], scorecards: readonly ScorecardTotal[]): Standing => {
	const totals = scorecards.filter((card) => card.proposal === one.proposal && !isBallot(card)).map(({ total }) => total);
	const trimmed = one.appliedRule === 'trimmed' && one.groups.length === 0;
	return {
		proposal: one.proposal,
		rank: one.rank,
		score: one.hundredths,
		n: one.n,
		dropped: trimmed ? { high: Math.max(...totals), low: Math.min(...totals) } : null,
		groups: one.groups.map(({ key, n, score }) => ({ key, n, score: toHundredths(score) })),
		missingGroups: one.missingGroups
	};
};

/**
 * After a scorecard stopped counting: what the hall sees of revealed scores is made anew, and need not wait for the
 * next reveal. A session being conducted at the same moment is not disturbed; its next look finds the new figures.
 */
export const refreshStanding = async (competitionId: string, proposal: string): Promise<void> => {
	const sessions = await PitchSession.find({ competition: competitionId, 'standing.proposal': proposal }).lean();
	for (const session of sessions) {
		const competition = await competitionById(competitionId);
		const round = competition.rounds.find(({ key }) => key === session.round);
		if (!round) continue;
		const revealed = session.items.flatMap((item) => (item.scoring === 'revealed' ? [item.proposal] : []));
		const standing = await standingOf(competition, round, revealed);
		await PitchSession.updateOne({ _id: session._id, version: session.version }, { $set: { standing } });
		nudgePitch(session._id);
	}
};

/** Whether a scorecard is shut because scoring of its pitch has closed, and not because the round is over. */
export const shutByPitch = async ({ competition, round, proposal }: { competition: string; round: string; proposal: string }): Promise<boolean> => {
	const session = await PitchSession.findById(`${competition}:${round}`, { items: 1 }).lean();
	const scoring = session?.items.find((item) => item.proposal === proposal)?.scoring;
	return scoring === 'closed' || scoring === 'revealed';
};
