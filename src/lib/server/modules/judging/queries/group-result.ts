import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Outcome } from '#lib/domain/judging/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { readProposal } from '../../proposals/index.ts';
import { Scorecard } from '../model.ts';
import { publicResults } from './results.ts';

/** A criterion as the judges of a round saw a proposal: the mean of their points in hundredths, and what they wrote. */
export type CriterionFeedback = { key: string; label: string; points: number; mean: number | null; comments: string[] };

/** What a group learns of its own proposal once the result is public. Score in hundredths of a point, money in fen. */
export type GroupResult = {
	/** The notice it stands in. */
	n: number;
	noticeUntil: Date;
	/** Whether the notice is running, so that anybody may object. */
	mayObject: boolean;
	/** Proposals that have a rank. */
	of: number;
	rank: number | null;
	score: number | null;
	outcome: Outcome;
	amount: number;
	reason: string;
	rounds: { key: string; label: string; cards: number; criteria: CriterionFeedback[]; overall: string[] }[];
};

/** While these last the notice stands; in a competition sent back from them nothing of the scorecards is shown. */
const standing = ['notice', 'decided', 'executing', 'closed'];

const said = (texts: readonly (string | undefined)[]): string[] =>
	// In the order of the alphabet, so that no place in a list says whose it is.
	[...new Set(texts.map((text) => text?.trim() ?? ''))].filter(Boolean).sort((a, b) => a.localeCompare(b, 'zh-CN'));

const mean = (points: readonly number[]): number | null =>
	points.length === 0 ? null : Math.round((points.reduce((sum, one) => sum + one, 0) * 100) / points.length);

/**
 * The result of a proposal for its own group: its line of the latest notice, and of every round the mean of each
 * criterion with the judges' comments, none of them with a name. Null before it is public, and for everybody else.
 */
export const groupResult = async (actor: Actor, proposalId: string): Promise<GroupResult | null> => {
	const { competition, rights } = await readProposal(actor, proposalId);
	if (!rights.own || !standing.includes(competition.state)) return null;
	const [result] = await publicResults(competition.slug);
	const row = result?.rows.find(({ proposal }) => proposal === proposalId);
	if (!result || !row) return null;
	const cards = await Scorecard.find(
		{ competition: competition.id, proposal: proposalId, status: 'submitted' },
		{ round: 1, scores: 1, comments: 1, overall: 1 }
	)
		.limit(500)
		.lean();
	return {
		n: result.n,
		noticeUntil: result.noticeUntil,
		mayObject: competition.state === 'notice' && result.noticeUntil > now(),
		of: result.rows.filter(({ rank }) => rank !== null).length,
		rank: row.rank,
		score: row.score,
		outcome: row.outcome,
		amount: row.amount,
		reason: row.reason,
		rounds: competition.rounds.flatMap(({ key, label, rubric }) => {
			const own = cards.filter(({ round }) => round === key);
			if (own.length === 0) return [];
			return [
				{
					key,
					label,
					cards: own.length,
					criteria: rubric.map((criterion) => ({
						key: criterion.key,
						label: criterion.label,
						points: criterion.points,
						mean: mean(own.flatMap(({ scores }) => scores[criterion.key] ?? [])),
						comments: said(own.map(({ comments }) => comments[criterion.key]))
					})),
					overall: said(own.map(({ overall }) => overall))
				}
			];
		})
	};
};
