import { restOnUnknown } from '#lib/server/platform/grounds.ts';
import { logger } from '#lib/server/platform/logger.ts';
import { Judge, Scorecard } from './model.ts';
import { PitchSession, type PitchDocument } from './pitch-model.ts';
import type { LiveCard, PitchSnapshot } from './pitch-views.ts';
import { JuryCode } from './rounds-model.ts';

/**
 * Live sessions travel through the database, so that any number of application processes show the same: each process
 * looks at a session once for all its listeners, and only while somebody listens.
 */
const liveMs = 250;
/** Before the start and after the end nothing is urgent. */
const calmMs = 1000;
/** Names and ballots are looked up every so many looks. */
const rareLooks = 8;

type Listener = (snapshot: PitchSnapshot | null) => void;
type Watch = { listeners: Set<Listener>; look: () => Promise<void>; last: PitchSnapshot | null; stop: () => void };

const watches = new Map<string, Watch>();

const isWatched = (session: PitchDocument, proposal: string, scoring: string): boolean =>
	proposal === session.current || scoring === 'open' || scoring === 'closed';

/** The scorecards a live page has to know of: of whom is on stage and of whom is being scored. Never their scores. */
const liveCards = async (session: PitchDocument): Promise<LiveCard[]> => {
	const proposals = session.items.flatMap(({ proposal, scoring }) => (isWatched(session, proposal, scoring) ? [proposal] : []));
	if (proposals.length === 0) return [];
	const cards = await Scorecard.find(
		{ competition: session.competition, proposal: { $in: proposals }, round: session.round },
		{ proposal: 1, judge: 1, status: 1 }
	).lean();
	return cards.map(({ _id, proposal, judge, status }) => ({ id: _id.toHexString(), proposal, judge, status }));
};

const judgeNames = async (competition: string): Promise<Map<string, string>> =>
	new Map((await Judge.find({ competition }, { name: 1 }).lean()).map((judge) => [judge._id.toHexString(), judge.name]));

/** Ballots of the hall for whoever is on stage. */
const ballotsFor = async ({ competition, round, current }: PitchDocument): Promise<number> =>
	current ? JuryCode.countDocuments({ competition, status: 'used', round, [`totals.${current}`]: { $exists: true } }) : 0;

/** A session as it stands now; null when there is none. */
export const pitchSnapshot = async (id: string): Promise<PitchSnapshot | null> => {
	// What it shows is a matter of seconds, and goes with the second it was looked at.
	restOnUnknown();
	const session = await PitchSession.findById(id).lean();
	if (!session) return null;
	const [cards, judges, ballots] = await Promise.all([liveCards(session), judgeNames(session.competition), ballotsFor(session)]);
	return { session, cards, judges, ballots };
};

const startWatch = (id: string): Watch => {
	let looks = 0;
	let stopped = false;
	let timer: NodeJS.Timeout | undefined;
	let under: Promise<void> | null = null;
	const read = async (): Promise<void> => {
		const { last } = watch;
		const rare = !last || looks % rareLooks === 0;
		looks += 1;
		let snapshot: PitchSnapshot | null;
		if (rare) snapshot = await pitchSnapshot(id);
		else {
			const session = await PitchSession.findById(id).lean();
			const ballots = session && session.current !== last.session.current ? await ballotsFor(session) : last.ballots;
			snapshot = session && { ...last, session, ballots, cards: await liveCards(session) };
		}
		if (stopped) return;
		watch.last = snapshot;
		for (const listener of watch.listeners) listener(snapshot);
	};
	const look = (): Promise<void> => {
		if (under) return under;
		clearTimeout(timer);
		under = read()
			// The store may be away for a moment; listeners keep what they have.
			.catch((error: unknown) => logger.warn({ err: error }, 'live session not read'))
			.finally(() => {
				under = null;
				if (!stopped) timer = setTimeout(() => void look(), watch.last?.session.status === 'running' ? liveMs : calmMs);
			});
		return under;
	};
	const watch: Watch = {
		listeners: new Set(),
		look,
		last: null,
		stop: () => {
			stopped = true;
			clearTimeout(timer);
			watches.delete(id);
		}
	};
	watches.set(id, watch);
	void look();
	return watch;
};

/** Calls the listener with the session now and after every change; the answer ends it. Null: there is no such session. */
export const watchPitch = (id: string, listener: Listener): (() => void) => {
	const watch = watches.get(id) ?? startWatch(id);
	watch.listeners.add(listener);
	if (watch.last) listener(watch.last);
	return () => {
		watch.listeners.delete(listener);
		if (watch.listeners.size === 0) watch.stop();
	};
};

/** After an act in this process its own listeners need not wait for the next look. */
export const nudgePitch = (id: string): void => {
	const watch = watches.get(id);
	if (watch) void watch.look().then(() => watch.look());
};
