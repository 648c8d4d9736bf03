import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { competitionFor } from '../access.ts';
import { certaintySummary } from '../certainty-store.ts';
import { Judge, Scorecard } from '../model.ts';
import { allRankingRows, rankingPageSize, rankingRows } from '../ranking-store.ts';
import { Decision, type Award, type RankingDocument, type RankingRow } from '../results-model.ts';

/**
 * The competition, if the actor may see its scores. Somebody who judges in it may not before the round has closed, not
 * even with an organizer's rights.
 */
export const forScores = async (actor: Actor, competitionId: string): Promise<CompetitionView> => {
	const competition = await competitionFor(actor, competitionId, 'competition.readScores');
	if (competition.state === 'judging' && can(actor, 'scorecard.score', { owner: idOf(actor), competition: competitionId }) && actor.kind === 'user')
		throw forbidden('rank_hidden_from_judges');
	return competition;
};

const idOf = (actor: Actor): string | undefined => (actor.kind === 'user' ? actor.id : undefined);

export type RankingView = {
	head: Omit<RankingDocument, '_id' | 'revision'>;
	rows: RankingRow[];
	/** What is known of its certainty, once that was computed for these scorecards. */
	certainty: { band: number; places: number; reliability: number | null } | null;
	/** From 0. */
	page: number;
	pages: number;
};

/** A page of the official ranking, a hundred rows; computed when the scorecards changed, read otherwise. */
export const readRanking = async (actor: Actor, competitionId: string, page = 0): Promise<RankingView> => {
	const competition = await forScores(actor, competitionId);
	const { head, rows } = await rankingRows(competition, page);
	const { _id, revision, ...figures } = head;
	const certainty = await certaintySummary(competition.id, revision);
	return { head: figures, rows, certainty, page, pages: Math.max(1, Math.ceil(head.proposals / rankingPageSize)) };
};

/** Every row of the ranking, for exports and programs. */
export const readWholeRanking = async (actor: Actor, competitionId: string): Promise<RankingView> => {
	const competition = await forScores(actor, competitionId);
	const { head, rows } = await allRankingRows(competition);
	const { _id, revision: _revision, ...figures } = head;
	return { head: figures, rows, certainty: null, page: 0, pages: 1 };
};

export type DecisionView = {
	head: RankingView['head'];
	rows: (RankingRow & { award: Award | null })[];
	page: number;
	pages: number;
	total: number;
	fund: number;
	version: number;
	updatedAt: Date | null;
	byName: string;
	decided: number;
	/** Whether the actor may decide, and whether now is the time. */
	mayDecide: boolean;
	open: boolean;
};

/** The ranking with what has been decided, a page at a time. */
export const readDecision = async (actor: Actor, competitionId: string, page = 0): Promise<DecisionView> => {
	const competition = await forScores(actor, competitionId);
	const [{ head, rows }, decision] = await Promise.all([
		rankingRows(competition, page),
		Decision.findById(competitionId).lean()
	]);
	const { _id, revision: _revision, ...figures } = head;
	return {
		head: figures,
		rows: rows.map((row) => ({ ...row, award: decision?.rows[row.proposal] ?? null })),
		page,
		pages: Math.max(1, Math.ceil(head.proposals / rankingPageSize)),
		total: decision?.total ?? 0,
		fund: competition.fund,
		version: decision?.version ?? 0,
		updatedAt: decision?.updatedAt ?? null,
		byName: decision?.byName ?? '',
		decided: Object.keys(decision?.rows ?? {}).length,
		mayDecide: can(actor, 'competition.decide', { station: competition.station, stationPath: competition.stationPath }),
		open: competition.state === 'deliberation' && (decision?.publishedAs ?? null) === null
	};
};

/** A submitted scorecard as those who deliberate read it. Points as typed, `total` in hundredths. */
export type ReadCard = {
	id: string;
	judgeName: string;
	round: string;
	total: number;
	scores: Record<string, number>;
	comments: Record<string, string>;
	overall: string;
};

/** All submitted scorecards of one proposal, for deliberation: after the round, or for organizers who do not judge. */
export const proposalScorecards = async (
	actor: Actor,
	competitionId: string,
	proposal: string
): Promise<{ row: RankingRow; cards: ReadCard[]; recused: number }> => {
	const competition = await forScores(actor, competitionId);
	toId(proposal);
	const [{ rows }, cards, judges] = await Promise.all([
		allRankingRows(competition),
		Scorecard.find({ competition: competitionId, proposal, status: { $in: ['submitted', 'recused'] } }).lean(),
		Judge.find({ competition: competitionId }, { name: 1 }).lean()
	]);
	const row = rows.find((one) => one.proposal === proposal);
	if (!row) throw notFound();
	const names = new Map(judges.map((judge) => [judge._id.toHexString(), judge.name]));
	const submitted = cards.filter((card) => card.status === 'submitted');
	return {
		row,
		cards: submitted
			.map((card) => ({
				id: card._id.toHexString(),
				judgeName: names.get(card.judge) ?? '',
				round: card.round,
				total: card.total ?? 0,
				scores: card.scores,
				comments: card.comments,
				overall: card.overall
			}))
			.sort((a, b) => b.total - a.total),
		recused: cards.length - submitted.length
	};
};
