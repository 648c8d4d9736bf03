import type { Actor } from '#lib/domain/accounts/types.ts';
import type { ScorecardStatus } from '#lib/domain/judging/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { competitionById } from '../../competitions/index.ts';
import { competitionFor, roundOf } from '../access.ts';
import { isBlind } from '#lib/domain/judging/blind.ts';
import { blindedLine } from '../blind.ts';
import { permitPaper } from '../commands/enter-paper.ts';
import { Judge, Scorecard } from '../model.ts';
import { pitchRefusal } from '../pitch-gate.ts';
import { PitchSession } from '../pitch-model.ts';
import { rubricOf, type ScorecardRubric } from '../scorecard-view.ts';

/** A scorecard as the people at the desk see it: whose, of what, how far. No scores. */
export type PaperRow = {
	id: string;
	number: string;
	title: string;
	organization: string;
	status: ScorecardStatus;
	/** Typed from paper by, and checked by; empty where it is the judge's own. */
	keyedInBy: string;
	checkedBy: string;
	/** Typed by whoever looks: somebody else has to check it. */
	mine: boolean;
};

export type PaperSheets = {
	round: { key: string; label: string };
	rounds: { key: string; label: string }[];
	rubric: ScorecardRubric;
	judges: { id: string; name: string; cards: PaperRow[] }[];
};

/** Every judge's scorecards of a round, in the order of the pitches where one has been drawn: for print and for typing in. */
export const paperSheets = async (actor: Actor, competitionId: string, roundKey?: string): Promise<PaperSheets> => {
	const competition = await competitionFor(actor, competitionId, 'scorecard.enterFor');
	const pitch = competition.rounds.find(({ kind }) => kind === 'pitch');
	const round = roundOf(competition, roundKey ?? pitch?.key);
	const [judges, cards, session] = await Promise.all([
		Judge.find({ competition: competitionId, status: { $ne: 'removed' } }, { name: 1 }).sort({ competition: 1, name: 1, _id: 1 }).lean(),
		Scorecard.find(
			{ competition: competitionId, round: round.key, status: { $ne: 'recused' } },
			{ judge: 1, proposal: 1, proposalNumber: 1, proposalTitle: 1, organizationName: 1, status: 1, paper: 1 }
		).lean(),
		PitchSession.findById(`${competitionId}:${round.key}`, { items: 1 }).lean()
	]);
	const blind = isBlind(round);
	const places = new Map((session?.items ?? []).map(({ proposal }, at) => [proposal, at]));
	const place = (proposal: string): number => places.get(proposal) ?? places.size;
	return {
		round: { key: round.key, label: round.label },
		rounds: competition.rounds.map(({ key, label }) => ({ key, label })),
		rubric: rubricOf(round),
		judges: judges.flatMap((judge) => {
			const id = judge._id.toHexString();
			const own = cards
				.filter((card) => card.judge === id)
				.sort((a, b) => place(a.proposal) - place(b.proposal) || (a.proposalNumber < b.proposalNumber ? -1 : 1));
			return own.length === 0
				? []
				: [
						{
							id,
							name: judge.name,
							cards: own.map((card) => ({
								id: card._id.toHexString(),
								number: card.proposalNumber,
								title: blind ? blindedLine(card).proposalTitle : card.proposalTitle,
								organization: blind ? '' : card.organizationName,
								status: card.status,
								keyedInBy: card.paper?.byName ?? '',
								checkedBy: card.paper?.checkedByName ?? '',
								mine: actor.kind === 'user' && card.paper?.by === actor.id
							}))
						}
					];
		})
	};
};

/** One scorecard to type in or to check. Scores only of what came from paper; a judge's own stay theirs. */
export type PaperCard = PaperRow & {
	competition: string;
	judgeName: string;
	rubric: ScorecardRubric;
	scores: Record<string, number>;
	comments: Record<string, string>;
	overall: string;
	version: number;
	/** The judge works on it on a phone, or has finished it there. */
	own: boolean;
	/** Who typed it, to tell whether the reader may check it. */
	keyedInById: string;
	/** The code of why nothing can be typed in now; '' while it can. */
	refusal: string;
};

/** A scorecard at the desk; 404 for everybody who does not run the competition. */
export const readPaper = async (actor: Actor, id: string): Promise<PaperCard> => {
	const card = await Scorecard.findById(toId(id)).lean();
	if (!card) throw notFound();
	await permitPaper(actor, card);
	const [competition, judge] = await Promise.all([competitionById(card.competition), Judge.findById(toId(card.judge), { name: 1 }).lean()]);
	const own = card.startedAt !== null && !card.paper;
	return {
		id,
		competition: card.competition,
		number: card.proposalNumber,
		title: card.proposalTitle,
		organization: card.organizationName,
		status: card.status,
		judgeName: judge?.name ?? '',
		rubric: rubricOf(roundOf(competition, card.round)),
		scores: own ? {} : card.scores,
		comments: own ? {} : card.comments,
		overall: own ? '' : card.overall,
		version: card.version,
		own,
		keyedInBy: card.paper?.byName ?? '',
		keyedInById: card.paper?.by ?? '',
		refusal: card.status === 'submitted' ? '' : ((await pitchRefusal(card, true)) ?? ''),
		checkedBy: card.paper?.checkedByName ?? '',
		mine: actor.kind === 'user' && card.paper?.by === actor.id
	};
};
