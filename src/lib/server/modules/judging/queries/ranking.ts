import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { resourceOf, type CompetitionView } from '../../competitions/index.ts';
import { competitionFor } from '../access.ts';
import { certaintySummary } from '../certainty-store.ts';
import { Judge, Scorecard } from '../model.ts';
import { allRankingRows, rankingPageSize, rankingRows } from '../ranking-store.ts';
import { Decision, type Award, type RankingDocument, type RankingRow } from '../results-model.ts';
import { decidingRights, leftRoomFor } from '../room.ts';
import { notesOf, type RoomNote } from './room.ts';

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
	/** Items the actor is too close to; they are in none of the rows. */
	left: number;
};

/** The figures of a ranking for somebody who has left the room for some items: nothing that names one of them. */
const figuresFor = ({ _id, revision: _revision, ...head }: RankingDocument, rows: readonly RankingRow[], hidden: ReadonlySet<string>): RankingView['head'] => {
	const straddler = head.line.straddling;
	const named = straddler && rows.some(({ number, proposal }) => number === straddler.number && hidden.has(proposal));
	return named ? { ...head, line: { ...head.line, straddling: null } } : head;
};

/** Where nothing is hidden the very same list, so that what was made of it may be used again. */
const withoutHidden = <Row extends { proposal: string }>(rows: Row[], hidden: ReadonlySet<string>): Row[] =>
	hidden.size === 0 ? rows : rows.filter(({ proposal }) => !hidden.has(proposal));

/** A page of the official ranking, a hundred rows; computed when the scorecards changed, read otherwise. */
export const readRanking = async (actor: Actor, competitionId: string, page = 0): Promise<RankingView> => {
	const competition = await forScores(actor, competitionId);
	const [{ head, rows }, hidden] = await Promise.all([rankingRows(competition, page), leftRoomFor(actor, competition)]);
	const [certainty, all] = await Promise.all([
		certaintySummary(competition.id, head.revision),
		hidden.size > 0 ? allRankingRows(competition) : { rows }
	]);
	return {
		head: figuresFor(head, all.rows, hidden),
		rows: withoutHidden(rows, hidden),
		certainty,
		page,
		pages: Math.max(1, Math.ceil(head.proposals / rankingPageSize)),
		left: hidden.size
	};
};

/** Every row of the ranking, for exports and programs. */
export const readWholeRanking = async (actor: Actor, competitionId: string): Promise<RankingView> => {
	const competition = await forScores(actor, competitionId);
	const [{ head, rows }, hidden] = await Promise.all([allRankingRows(competition), leftRoomFor(actor, competition)]);
	return { head: figuresFor(head, rows, hidden), rows: withoutHidden(rows, hidden), certainty: null, page: 0, pages: 1, left: hidden.size };
};

export type DecisionView = {
	head: RankingView['head'];
	rows: (RankingRow & { award: Award | null; notes: RoomNote[] })[];
	page: number;
	pages: number;
	/** Sum of the awards the actor may see; of all of them when `left` is 0. */
	total: number;
	fund: number;
	version: number;
	updatedAt: Date | null;
	byName: string;
	/** How many of `deciding` proposals have a decision. */
	decided: number;
	deciding: number;
	/** Items the actor has left the room for. */
	left: number;
	/** Items only the actor can decide, because everybody at the station has left the room for them; null for the others. */
	standsInFor: string[] | null;
	/** Whether the actor may decide, speak, and whether now is the time. */
	mayDecide: boolean;
	maySpeak: boolean;
	open: boolean;
};

/** The ranking with what has been said and decided, a page at a time; without the items the actor has left the room for. */
export const readDecision = async (actor: Actor, competitionId: string, page = 0): Promise<DecisionView> => {
	const competition = await forScores(actor, competitionId);
	const [{ head, rows }, decision, rights] = await Promise.all([
		rankingRows(competition, page),
		Decision.findById(competitionId).lean(),
		decidingRights(actor, competition)
	]);
	const { hidden } = rights;
	const shown = withoutHidden(rows, hidden);
	const [notes, all] = await Promise.all([
		notesOf(competitionId, shown.map(({ proposal }) => proposal)),
		hidden.size > 0 ? allRankingRows(competition) : { rows }
	]);
	const awards = Object.entries(decision?.rows ?? {}).filter(([proposal]) => !hidden.has(proposal));
	return {
		head: figuresFor(head, all.rows, hidden),
		rows: shown.map((row) => ({ ...row, award: decision?.rows[row.proposal] ?? null, notes: notes.get(row.proposal) ?? [] })),
		page,
		pages: Math.max(1, Math.ceil(head.proposals / rankingPageSize)),
		total: awards.reduce((sum, [, award]) => sum + award.amount, 0),
		fund: competition.fund,
		version: decision?.version ?? 0,
		updatedAt: decision?.updatedAt ?? null,
		byName: decision?.byName ?? '',
		decided: awards.length,
		deciding: head.proposals - hidden.size,
		left: hidden.size,
		standsInFor: rights.only && [...rights.only],
		mayDecide: rights.mayDecide,
		maySpeak: can(actor, 'deliberation.speak', resourceOf(competition)),
		open: competition.state === 'deliberation' && (decision?.publishedAs ?? null) === null
	};
};

/** One item of the room: its place, what has been said and what is decided. */
export type ItemView = Pick<RankingRow, 'proposal' | 'number' | 'title' | 'organizationName' | 'rank' | 'score' | 'requested'> & {
	award: Award | null;
	notes: RoomNote[];
	maySpeak: boolean;
};

/** One item of the room; 404 for somebody who has left the room for it. */
export const readItem = async (actor: Actor, competitionId: string, proposal: string): Promise<ItemView> => {
	const competition = await forScores(actor, competitionId);
	toId(proposal);
	const [{ rows }, decision, hidden, notes] = await Promise.all([
		allRankingRows(competition),
		Decision.findById(competitionId).lean(),
		leftRoomFor(actor, competition),
		notesOf(competitionId, [proposal])
	]);
	const row = rows.find((one) => one.proposal === proposal);
	if (!row || hidden.has(proposal)) throw notFound();
	const { number, title, organizationName, rank, score, requested } = row;
	return {
		...{ proposal, number, title, organizationName, rank, score, requested },
		award: decision?.rows[proposal] ?? null,
		notes: notes.get(proposal) ?? [],
		maySpeak: competition.state === 'deliberation' && can(actor, 'deliberation.speak', resourceOf(competition))
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
	if ((await leftRoomFor(actor, competition)).has(proposal)) throw notFound();
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
