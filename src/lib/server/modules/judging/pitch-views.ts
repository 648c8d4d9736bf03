import { openingAfter, type PitchPart, type ScoringState } from '#lib/domain/judging/pitch.ts';
import type { ScorecardStatus } from '#lib/domain/judging/types.ts';
import type { PitchDocument, Standing, StoredPitchItem } from './pitch-model.ts';

/** What is read of the scorecards while a session is live: who has done what, never a score. */
export type LiveCard = { id: string; proposal: string; judge: string; status: ScorecardStatus };

/** A session with everything its live pages are made of. */
export type PitchSnapshot = { session: PitchDocument; cards: LiveCard[]; judges: ReadonlyMap<string, string>; ballots: number };

export type TimerView = { part: PitchPart; seconds: number; leftMs: number; endsAt: string | null };
type Pitched = { proposal: string; number: string; title: string; organization: string };

/** A revealed score, in points as text. */
export type StandingView = Pitched & {
	rank: number;
	score: string;
	n: number;
	dropped: { high: string; low: string } | null;
	groups: { label: string; n: number; score: string }[];
	/** Labels of groups nobody of which has scored it. */
	missingGroups: string[];
	/** A mean shown in the hall; the calibrated score counts and comes after the last card. */
	provisional: boolean;
};

const timerView = ({ timer }: PitchDocument): TimerView => ({
	part: timer.part,
	seconds: timer.seconds,
	leftMs: timer.leftMs,
	endsAt: timer.endsAt?.toISOString() ?? null
});

const points = (hundredths: number): string => (hundredths / 100).toFixed(2);
const pitched = ({ proposal, number, title, organization }: StoredPitchItem): Pitched => ({ proposal, number, title, organization });
const itemOf = (session: PitchDocument, proposal: string | null): StoredPitchItem | undefined =>
	session.items.find((item) => item.proposal === proposal);

const standingView = (session: PitchDocument, labels: ReadonlyMap<string, string>, standing: Standing): StandingView[] => {
	const item = itemOf(session, standing.proposal);
	if (!item) return [];
	return [
		{
			...pitched(item),
			rank: standing.rank,
			score: points(standing.score),
			n: standing.n,
			dropped: standing.dropped && { high: points(standing.dropped.high), low: points(standing.dropped.low) },
			groups: standing.groups.map(({ key, n, score }) => ({ label: labels.get(key) ?? key, n, score: points(score) })),
			missingGroups: standing.missingGroups.map((key) => labels.get(key) ?? key),
			provisional: standing.provisional ?? false
		}
	];
};

const counts = (cards: readonly LiveCard[], proposal: string) => {
	const own = cards.filter((card) => card.proposal === proposal && card.status !== 'recused');
	return { submitted: own.filter((card) => card.status === 'submitted').length, of: own.length };
};

/** The hall's screen: who is on stage, the clock, how many have scored, and what has been revealed. */
export type ScreenView = {
	title: string;
	round: string;
	status: PitchDocument['status'];
	total: number;
	current: (Pitched & { position: number; scoring: ScoringState; submitted: number; of: number }) | null;
	next: Pitched | null;
	timer: TimerView;
	/** The revealed score on show: that of the last reveal, until the next one comes on stage. */
	shown: StandingView | null;
	standing: StandingView[];
};

const lastRevealed = (session: PitchDocument): StoredPitchItem | undefined =>
	session.items
		.filter((item) => item.revealedAt !== null)
		.sort((a, b) => (b.revealedAt?.getTime() ?? 0) - (a.revealedAt?.getTime() ?? 0))[0];

/** Whether the latest reveal is still what the hall is looking at. */
const isOnShow = (session: PitchDocument, item: StoredPitchItem): boolean => {
	const current = itemOf(session, session.current);
	return !current || current.proposal === item.proposal || (item.revealedAt?.getTime() ?? 0) > (current.presentedAt?.getTime() ?? 0);
};

export const screenView = ({ session, cards }: PitchSnapshot, labels: ReadonlyMap<string, string>): ScreenView => {
	const current = itemOf(session, session.current);
	const standing = session.standing.flatMap((one) => standingView(session, labels, one));
	const latest = lastRevealed(session);
	const next = session.items.find(({ presentedAt }) => presentedAt === null);
	return {
		title: session.competitionTitle,
		round: session.roundLabel,
		status: session.status,
		total: session.items.length,
		current: current
			? {
					...pitched(current),
					position: session.items.indexOf(current) + 1,
					scoring: current.scoring,
					...counts(cards, current.proposal)
				}
			: null,
		next: next && session.status !== 'ended' ? pitched(next) : null,
		timer: timerView(session),
		shown: latest && isOnShow(session, latest) ? (standing.find(({ proposal }) => proposal === latest.proposal) ?? null) : null,
		standing
	};
};

/** A judge's phone: where to go now. No counts and no scores of others. */
export type FollowView = {
	status: PitchDocument['status'];
	current: (Pitched & { scoring: ScoringState; card: string | null; done: boolean }) | null;
	/** Scorecards of this judge that can be submitted now. */
	open: { card: string; number: string; title: string }[];
	timer: TimerView;
};

export const followView = ({ session, cards }: PitchSnapshot, judge: string): FollowView => {
	const own = new Map(cards.filter((card) => card.judge === judge).map((card) => [card.proposal, card]));
	const current = itemOf(session, session.current);
	const card = current && own.get(current.proposal);
	return {
		status: session.status,
		current: current
			? {
					...pitched(current),
					scoring: current.scoring,
					card: card && card.status !== 'recused' ? card.id : null,
					done: card?.status === 'submitted'
				}
			: null,
		open: session.items.flatMap((item) => {
			const mine = own.get(item.proposal);
			return item.scoring === 'open' && mine && (mine.status === 'assigned' || mine.status === 'draft')
				? [{ card: mine.id, number: item.number, title: item.title }]
				: [];
		}),
		timer: timerView(session)
	};
};

/** The console: the order, what is open, who is missing. Scores only once revealed. */
export type ConsoleView = {
	round: string;
	roundLabel: string;
	status: PitchDocument['status'];
	seed: string;
	draws: { seed: string; at: string; byName: string; reason: string }[];
	talkSeconds: number;
	questionSeconds: number;
	opensAfter: number;
	/** How many have been on stage. */
	presented: number;
	current: string | null;
	timer: TimerView;
	items: (Pitched & {
		position: number;
		presented: boolean;
		scoring: ScoringState;
		submitted: number;
		of: number;
		/** Judges who have not submitted, by name; while it is on stage or being scored. */
		missing: string[];
		standing: StandingView | null;
	})[];
	ballots: number;
	hasScreen: boolean;
	version: number;
};

export const consoleView = ({ session, cards, judges, ballots }: PitchSnapshot, labels: ReadonlyMap<string, string>): ConsoleView => ({
	round: session.round,
	roundLabel: session.roundLabel,
	status: session.status,
	seed: session.seed,
	draws: session.draws.map((draw) => ({ ...draw, at: draw.at.toISOString() })),
	talkSeconds: session.talkSeconds,
	questionSeconds: session.questionSeconds,
	opensAfter: openingAfter(session),
	presented: session.items.filter(({ presentedAt }) => presentedAt !== null).length,
	current: session.current,
	timer: timerView(session),
	items: session.items.map((item, at) => ({
		...pitched(item),
		position: at + 1,
		presented: item.presentedAt !== null,
		scoring: item.scoring,
		...counts(cards, item.proposal),
		missing: cards
			.filter((card) => card.proposal === item.proposal && (card.status === 'assigned' || card.status === 'draft'))
			.map((card) => judges.get(card.judge) ?? '')
			.sort((a, b) => a.localeCompare(b, 'zh')),
		standing: session.standing.flatMap((one) => (one.proposal === item.proposal ? standingView(session, labels, one) : []))[0] ?? null
	})),
	ballots,
	hasScreen: session.screenHash !== '',
	version: session.version
});
