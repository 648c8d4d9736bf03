import { effectiveState } from '#lib/domain/competitions/clock.ts';
import { sourceByKey } from '#lib/domain/competitions/question-types.ts';
import type { CompetitionSettings, CompetitionState, Question, Timeline } from '#lib/domain/competitions/types.ts';
import type { CompetitionDocument, StoredTimeline } from './model.ts';

/** A competition as other modules and its organizers see it. Money in fen, times as dates. Treat it as read-only. */
export type CompetitionView = Omit<CompetitionDocument, '_id'> & {
	id: string;
	/** What the clock has made of the stored state. */
	state: CompetitionState;
	storedState: CompetitionState;
};

/** What everybody may see: no grace period, no seed of lots, no counters. */
export type PublicCompetition = Pick<
	CompetitionDocument,
	'title' | 'slug' | 'theme' | 'needs' | 'contact' | 'fund' | 'tracks' | 'eligibility' | 'budgetRules' | 'bonus' | 'noticeDays' | 'amendments' | 'station'
> & {
	id: string;
	state: CompetitionState;
	timeline: Omit<StoredTimeline, 'graceSeconds'>;
	rounds: CompetitionDocument['rounds'];
	history: { to: CompetitionState; at: Date }[];
};

const laterQuestion = (question: Question): Question => ({
	...question,
	example: (question as Partial<Question>).example ?? '',
	min: (question as Partial<Question>).min ?? null,
	max: (question as Partial<Question>).max ?? null,
	source: (question as Partial<Question>).source ?? sourceByKey(question.key)
});

/** Competitions stored before there were judge groups, bonus points, examples and sources of answers have none. */
const withLaterRules = ({ tracks, rounds, bonus }: Pick<CompetitionDocument, 'tracks' | 'rounds' | 'bonus'>): Pick<CompetitionSettings, 'tracks' | 'rounds' | 'bonus'> => ({
	tracks: tracks.map((track) => ({ ...track, questions: track.questions.map(laterQuestion) })),
	rounds: rounds.map((round) => ({ ...round, groups: (round as Partial<typeof round>).groups ?? [] })),
	bonus: (bonus as typeof bonus | undefined) ?? null
});

// A page asks for its competition several times over; the same document in the same state is the same view.
const views = new WeakMap<CompetitionDocument, CompetitionView>();

export const toView = (document: CompetitionDocument, at: Date): CompetitionView => {
	const state = effectiveState(document, at);
	const known = views.get(document);
	if (known?.state === state) return known;
	const { _id, ...competition } = document;
	const view = { ...competition, ...withLaterRules(document), id: _id.toHexString(), state, storedState: document.state, checkedParts: document.checkedParts ?? [] };
	views.set(document, view);
	return view;
};

export const toPublic = (competition: CompetitionView): PublicCompetition => {
	const { announcesAt, opensAt, closesAt, scoringUntil } = competition.timeline;
	return {
		id: competition.id,
		title: competition.title,
		slug: competition.slug,
		theme: competition.theme,
		needs: competition.needs,
		contact: competition.contact,
		fund: competition.fund,
		tracks: competition.tracks,
		eligibility: competition.eligibility,
		budgetRules: competition.budgetRules,
		rounds: competition.rounds,
		bonus: competition.bonus,
		noticeDays: competition.noticeDays,
		amendments: competition.amendments,
		station: competition.station,
		state: competition.state,
		timeline: { announcesAt, opensAt, closesAt, scoringUntil },
		history: competition.history.filter(({ to }) => to !== 'draft').map(({ to, at }) => ({ to, at }))
	};
};

export const storeTimeline = (timeline: Timeline): StoredTimeline => ({
	announcesAt: timeline.announcesAt ? new Date(timeline.announcesAt) : null,
	opensAt: new Date(timeline.opensAt),
	closesAt: new Date(timeline.closesAt),
	graceSeconds: timeline.graceSeconds,
	scoringUntil: timeline.scoringUntil ? new Date(timeline.scoringUntil) : null
});

const isoTimeline = (timeline: StoredTimeline): Timeline => ({
	announcesAt: timeline.announcesAt?.toISOString() ?? null,
	opensAt: timeline.opensAt.toISOString(),
	closesAt: timeline.closesAt.toISOString(),
	graceSeconds: timeline.graceSeconds,
	scoringUntil: timeline.scoringUntil?.toISOString() ?? null
});

/** The settings alone, as forms and copies take them. */
export const settingsOf = (competition: Omit<CompetitionDocument, '_id'>): CompetitionSettings => ({
	title: competition.title,
	slug: competition.slug,
	theme: competition.theme,
	needs: competition.needs,
	contact: competition.contact,
	fund: competition.fund,
	eligibility: competition.eligibility,
	budgetRules: competition.budgetRules,
	...withLaterRules(competition),
	timeline: isoTimeline(competition.timeline),
	screeningChecklist: competition.screeningChecklist,
	screeners: competition.screeners ?? 1,
	noticeDays: competition.noticeDays
});
