/**
 * A pitch session as a state machine: who is on stage, the clock, what may be scored, what has been revealed. Pure:
 * every act takes the state and the moment and gives the next state or the code of a refusal.
 */

/** `waiting` until scoring opens; `revealed` is final. */
export const scoringStates = ['waiting', 'open', 'closed', 'revealed'] as const;
export type ScoringState = (typeof scoringStates)[number];

export const pitchParts = ['talk', 'questions'] as const;
export type PitchPart = (typeof pitchParts)[number];

export interface PitchItem {
	proposal: string;
	/** First time on stage; null before. */
	presentedAt: Date | null;
	scoring: ScoringState;
	revealedAt: Date | null;
}

/** A countdown: it runs while `endsAt` is set, else `leftMs` is what is left. */
export interface PitchTimer {
	part: PitchPart;
	seconds: number;
	leftMs: number;
	endsAt: Date | null;
}

export interface PitchState<Item extends PitchItem = PitchItem> {
	status: 'ready' | 'running' | 'ended';
	/** In the drawn order. */
	items: Item[];
	current: string | null;
	timer: PitchTimer;
	talkSeconds: number;
	questionSeconds: number;
	/** Scoring opens for nobody before so many have pitched. */
	opensAfter: number;
}

export type PitchAct =
	| { act: 'start' }
	| { act: 'present'; proposal: string }
	| { act: 'run'; part: PitchPart }
	| { act: 'pause' }
	| { act: 'reset'; part: PitchPart }
	/** Without a proposal all that pitched and wait are opened. */
	| { act: 'open'; proposal?: string }
	| { act: 'close'; proposal: string }
	| { act: 'reveal'; proposal: string }
	| { act: 'end'; reason: string };

export type PitchOutcome<Item extends PitchItem> =
	| { ok: true; state: PitchState<Item>; touched: string[] }
	| { ok: false; code: string; params: Record<string, number> };

const refuse = (code: string, params: Record<string, number> = {}) => ({ ok: false, code, params }) as const;

const secondsOf = (state: PitchState, part: PitchPart): number => (part === 'talk' ? state.talkSeconds : state.questionSeconds);

const stopped = (state: PitchState, part: PitchPart): PitchTimer => {
	const seconds = secondsOf(state, part);
	return { part, seconds, leftMs: seconds * 1000, endsAt: null };
};

/** What is left on the clock, milliseconds; negative once it has run out. */
export const leftOn = (timer: PitchTimer, at: Date): number => (timer.endsAt ? timer.endsAt.getTime() - at.getTime() : timer.leftMs);

/** How many must have pitched before scoring opens; never more than there are. */
export const openingAfter = ({ items, opensAfter }: Pick<PitchState, 'items' | 'opensAfter'>): number => Math.min(opensAfter, items.length);

const presented = (state: PitchState): number => state.items.filter(({ presentedAt }) => presentedAt !== null).length;

/** A session in which nothing has happened yet, in the given order. */
export const readyState = <Item extends PitchItem>(
	items: Item[],
	times: Pick<PitchState, 'talkSeconds' | 'questionSeconds' | 'opensAfter'>
): PitchState<Item> => ({
	...times,
	status: 'ready',
	items,
	current: null,
	timer: { part: 'talk', seconds: times.talkSeconds, leftMs: times.talkSeconds * 1000, endsAt: null }
});

const changed = <Item extends PitchItem>(state: PitchState<Item>, proposals: readonly string[], change: Partial<PitchItem>): PitchState<Item> => ({
	...state,
	items: state.items.map((item) => (proposals.includes(item.proposal) ? { ...item, ...change } : item))
});

const runningActs = <Item extends PitchItem>(state: PitchState<Item>, act: Exclude<PitchAct, { act: 'start' }>, at: Date): PitchOutcome<Item> => {
	const done = (next: PitchState<Item>, touched: string[] = []) => ({ ok: true, state: next, touched }) as const;
	if (act.act === 'run') {
		const same = act.part === state.timer.part && state.timer.leftMs > 0;
		if (state.timer.endsAt && same) return done(state);
		const timer = same ? state.timer : stopped(state, act.part);
		return done({ ...state, timer: { ...timer, endsAt: new Date(at.getTime() + timer.leftMs) } });
	}
	if (act.act === 'pause')
		return done({ ...state, timer: { ...state.timer, leftMs: Math.max(0, leftOn(state.timer, at)), endsAt: null } });
	if (act.act === 'reset') return done({ ...state, timer: stopped(state, act.part) });
	if (act.act === 'end') {
		const unfinished = state.items.some(({ scoring }) => scoring !== 'revealed');
		if (unfinished && act.reason === '') return refuse('pitch_is_next');
		const open = state.items.filter(({ scoring }) => scoring === 'open').map(({ proposal }) => proposal);
		return done({ ...changed(state, open, { scoring: 'closed' }), status: 'ended', current: null, timer: stopped(state, 'talk') }, open);
	}
	if (act.act === 'open' && act.proposal === undefined) {
		if (presented(state) < openingAfter(state)) return refuse('pitch_too_early', { n: openingAfter(state) });
		const waiting = state.items.filter(({ presentedAt, scoring }) => presentedAt && scoring === 'waiting').map(({ proposal }) => proposal);
		return done(changed(state, waiting, { scoring: 'open' }), waiting);
	}
	const item = state.items.find(({ proposal }) => proposal === act.proposal);
	if (!item) return refuse('pitch_unknown');
	const { proposal } = item;
	if (act.act === 'present') {
		const next = changed(state, [proposal], { presentedAt: item.presentedAt ?? at });
		return done({ ...next, current: proposal, timer: stopped(state, 'talk') });
	}
	if (item.scoring === 'revealed') return refuse('pitch_revealed_already');
	if (!item.presentedAt) return refuse('pitch_not_presented');
	if (act.act === 'open') {
		if (presented(state) < openingAfter(state)) return refuse('pitch_too_early', { n: openingAfter(state) });
		return done(changed(state, [proposal], { scoring: 'open' }), [proposal]);
	}
	if (act.act === 'close') {
		if (item.scoring === 'waiting') return refuse('pitch_scoring_not_open');
		return done(changed(state, [proposal], { scoring: 'closed' }), [proposal]);
	}
	if (item.scoring === 'open') return refuse('pitch_scoring_still_open');
	if (item.scoring === 'waiting') return refuse('pitch_scoring_not_open');
	return done(changed(state, [proposal], { scoring: 'revealed', revealedAt: at }), [proposal]);
};

/** Takes one act. `touched` names the proposals whose scoring state was set. */
export const takeAct = <Item extends PitchItem>(state: PitchState<Item>, act: PitchAct, at: Date): PitchOutcome<Item> => {
	if (act.act === 'start')
		return state.status === 'ready' ? { ok: true, state: { ...state, status: 'running' }, touched: [] } : refuse('pitch_started');
	if (state.status === 'ended') return refuse('pitch_over');
	if (state.status === 'ready') return refuse('pitch_not_running');
	return runningActs(state, act, at);
};

/**
 * Why a scorecard of this proposal may not be saved now, or null when it may. Once on stage a draft may be kept; it
 * can be submitted while scoring is open, and nothing is saved after that.
 */
export const scoringRefusal = (state: Pick<PitchState, 'items'>, proposal: string, submitting: boolean): string | null => {
	const item = state.items.find((one) => one.proposal === proposal);
	if (!item?.presentedAt) return 'pitch_not_presented';
	if (item.scoring === 'closed' || item.scoring === 'revealed') return 'pitch_scoring_closed';
	return item.scoring === 'waiting' && submitting ? 'pitch_scoring_not_open' : null;
};
