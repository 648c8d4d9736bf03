import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { CompetitionState, Round } from '#lib/domain/competitions/types.ts';
import type { ScorecardStatus } from '#lib/domain/judging/types.ts';
import { packCursor, readRows, toId, unpackCursor, type Page, type PageInput, type QueryFilter } from '#lib/server/platform/db/index.ts';
import { forbidden, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { competitionById, type CompetitionView } from '../../competitions/index.ts';
import { blindedLine, isBlindRound } from '../blind.ts';
import { Scorecard, type ScorecardDocument } from '../model.ts';
import { TrialCard } from '../panel-model.ts';
import { ownTrialCard } from './trial.ts';

/** A line of the judge's own queue; `total` in points, once every criterion is filled. */
export type QueueItem = {
	id: string;
	competition: string;
	/** Key of the round it belongs to: a project may be scored on paper and again on stage. */
	round: string;
	proposal: string;
	number: string;
	title: string;
	organization: string;
	status: ScorecardStatus;
	filled: number;
	total: number | null;
};

/** The judge's scorecards of one competition, in the order to score them. */
export type QueueGroup = {
	competition: string;
	title: string;
	state: CompetitionState;
	/** When scores should be in; null: no date. */
	until: Date | null;
	/** Rounds the judge has scorecards of, first to last, where the competition has several; else empty. */
	rounds: Pick<Round, 'key' | 'label' | 'kind'>[];
	/** Criteria on each card, by round. */
	criteria: Record<string, number>;
	items: QueueItem[];
	/** Whether one of the rounds is a pitch. */
	pitch: boolean;
	open: number;
	submitted: number;
	/** The one to go on with: a started one before an untouched one. */
	next: string | null;
	/** The exercise before the real ones, where the organizer set one. */
	trial: Awaited<ReturnType<typeof ownTrialCard>>;
};

const narrow = {
	competition: 1,
	round: 1,
	proposal: 1,
	proposalNumber: 1,
	proposalTitle: 1,
	organizationName: 1,
	status: 1,
	filled: 1,
	total: 1,
	order: 1
} as const;
type Narrow = Pick<ScorecardDocument, '_id' | keyof typeof narrow>;

const item = (card: Narrow): QueueItem => ({
	id: card._id.toHexString(),
	competition: card.competition,
	round: card.round,
	proposal: card.proposal,
	number: card.proposalNumber,
	title: card.proposalTitle,
	organization: card.organizationName,
	status: card.status,
	filled: card.filled,
	total: card.total === null ? null : card.total / 100
});

const isOpen = ({ status }: { status: ScorecardStatus }): boolean => status === 'assigned' || status === 'draft';

/** Round by round; within one as drawn. */
const inRounds = <Card extends { round: string }>({ rounds }: CompetitionView, cards: readonly Card[]): readonly Card[] => {
	if (rounds.length < 2) return cards;
	const place = new Map(rounds.map(({ key }, at) => [key, at]));
	const of = ({ round }: Card): number => place.get(round) ?? rounds.length;
	return cards.toSorted((a, b) => of(a) - of(b));
};

/** Most cards a queue shows: more than one person scores in some years. */
const most = 500;

/** The actor's own scorecards, newest competition first. One indexed read; the competitions come from the cache. */
export const judgingQueue = async (actor: Actor): Promise<QueueGroup[]> => {
	if (!can(actor, 'judging.queue') || actor.kind !== 'user') throw forbidden();
	const cards = await readRows<Narrow, ScorecardDocument>(Scorecard, {
		filter: { user: actor.id },
		fields: narrow,
		sort: { user: -1, competition: -1, order: -1, _id: -1 },
		limit: most
	});
	const groups = new Map<string, Narrow[]>();
	for (const card of cards) {
		const group = groups.get(card.competition);
		if (group) group.push(card);
		else groups.set(card.competition, [card]);
	}
	return Promise.all(
		[...groups].map(async ([id, found]) => {
			const competition = await competitionById(id);
			const own = inRounds(competition, found);
			const waiting = own.filter(isOpen);
			// An earlier round is done before a later one, which may not even be open yet.
			const first = waiting.filter(({ round }) => round === waiting[0]?.round);
			const next = first.find((card) => card.status === 'draft') ?? first[0];
			const running = competition.state === 'screening' || competition.state === 'judging';
			const trial = running ? await ownTrialCard(actor, id) : null;
			return {
				competition: id,
				title: competition.title,
				state: competition.state,
				until: competition.timeline.scoringUntil,
				rounds: competition.rounds.length > 1 ? competition.rounds.flatMap(({ key, label, kind }) => (own.some(({ round }) => round === key) ? [{ key, label, kind }] : [])) : [],
				criteria: Object.fromEntries(competition.rounds.map((round) => [round.key, round.rubric.length])),
				items: own.map((card) => item(isBlindRound(competition, card.round) ? blindedLine(card) : card)),
				pitch: competition.rounds.some(({ kind }) => kind === 'pitch'),
				open: waiting.length,
				submitted: own.filter((card) => card.status === 'submitted').length,
				next: competition.state === 'judging' && next ? next._id.toHexString() : null,
				trial
			};
		})
	);
};

/** Where to go on after a scorecard: the next open one of the same competition, or null when all is done. */
export const nextToScore = async (actor: Actor, after: string): Promise<string | null> => {
	if (actor.kind !== 'user') throw forbidden();
	const card = await Scorecard.findById(toId(after), { user: 1, competition: 1, round: 1, order: 1 }).lean();
	if (!card) return nextAfterTrial(actor, after);
	if (!can(actor, 'scorecard.read', { owner: card.user })) throw notFound();
	const open = await Scorecard.find(
		{ user: actor.id, status: { $in: ['assigned', 'draft'] }, competition: card.competition, closedAt: null },
		{ order: 1, round: 1 }
	).lean();
	const all = open.filter((one) => !one._id.equals(card._id)).sort((a, b) => b.order - a.order);
	const same = all.filter(({ round }) => round === card.round);
	const others = same.length > 0 ? same : inRounds(await competitionById(card.competition), all);
	const next = others.find((one) => one.order < card.order && one.round === card.round) ?? others[0];
	return next ? next._id.toHexString() : null;
};

/** After the exercise comes the first real one. */
const nextAfterTrial = async (actor: Extract<Actor, { kind: 'user' }>, id: string): Promise<string | null> => {
	const card = await TrialCard.findById(toId(id), { user: 1, competition: 1 }).lean();
	if (!card || card.user !== actor.id) throw notFound();
	const [next] = await Scorecard.find({ user: actor.id, status: { $in: ['assigned', 'draft'] }, competition: card.competition, closedAt: null }, { order: 1 })
		.sort({ user: -1, competition: -1, order: -1 })
		.limit(1)
		.lean();
	return next ? next._id.toHexString() : null;
};

const behind = (cursor: string): QueryFilter<ScorecardDocument> => {
	const [competition, order, id] = unpackCursor(cursor, 3);
	if (typeof competition !== 'string' || typeof order !== 'number' || typeof id !== 'string')
		throw invalidField('cursor', 'cursor');
	return {
		$or: [
			{ competition: { $lt: competition } },
			{ competition, order: { $lt: order } },
			{ competition, order, _id: { $lt: toId(id) } }
		]
	};
};

/** The actor's own scorecards for programs, in the order of the queue, a page at a time. */
export const queueItems = async (actor: Actor, page: PageInput): Promise<Page<QueueItem>> => {
	if (!can(actor, 'judging.queue') || actor.kind !== 'user') throw forbidden();
	const cards = await Scorecard.find({ user: actor.id, ...(page.cursor ? behind(page.cursor) : {}) }, narrow)
		.sort({ user: -1, competition: -1, order: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	const items = cards.slice(0, page.limit);
	const last = items.at(-1);
	const shown = await Promise.all(
		items.map(async (card) => item(isBlindRound(await competitionById(card.competition), card.round) ? blindedLine(card) : card))
	);
	return {
		items: shown,
		next: cards.length > page.limit && last ? packCursor([last.competition, last.order, last._id.toHexString()]) : null
	};
};
