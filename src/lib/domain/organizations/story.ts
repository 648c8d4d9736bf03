import { afterGate, type GateName } from './lifecycle.ts';
import { stages } from './terms.ts';

/** A chapter of an organization's life: its application, a stage it went through, or what came after graduation. */
export type Chapter<Event> = { key: 'application' | GateName | 'graduated'; from: Date; to: Date | null; events: Event[] };

type Told = { at: Date; code: string; gate: GateName | null };

const following = (gate: GateName): Chapter<never>['key'] => {
	const stage = stages.find((one) => one === gate);
	if (!stage) return 'graduated';
	const next = afterGate({ stage, atGraduation: false });
	return next.atGraduation ? 'graduation' : next.stage;
};

/** Where the story goes on after an event; null: in the same chapter. */
const turn = ({ code, gate }: Told): Chapter<never>['key'] | null => {
	if (code === 'accepted') return 'needs_survey';
	if (code === 'graduated') return 'graduated';
	if (code === 'gate_approved' && gate) return following(gate);
	return code === 'gate_regressed' ? gate : null;
};

/**
 * Cuts what happened into chapters, oldest first. The decision that ends a stage closes its chapter; a stage gone back
 * to is a chapter of its own.
 */
export const chaptersOf = <Event extends Told>(events: readonly Event[]): Chapter<Event>[] => {
	const chapters: Chapter<Event>[] = [];
	let open: Chapter<Event> | null = null;
	for (const event of [...events].sort((a, b) => a.at.getTime() - b.at.getTime())) {
		open ??= { key: 'application', from: event.at, to: null, events: [] };
		if (!chapters.includes(open)) chapters.push(open);
		open.events.push(event);
		const key = turn(event);
		if (key === null) continue;
		open.to = event.at;
		open = { key, from: event.at, to: null, events: [] };
		chapters.push(open);
	}
	return chapters;
};

/** What a reader may ask the story for. */
export const storyKinds = ['decisions', 'needs', 'activities', 'support', 'projects', 'assessments', 'pictures'] as const;
export type StoryKind = (typeof storyKinds)[number];

const kindOfCode: Readonly<Record<string, StoryKind>> = {
	survey_closed: 'needs',
	interview: 'needs',
	activity: 'activities',
	meeting: 'activities',
	training: 'support',
	supervision: 'support',
	station_training: 'support',
	session: 'support',
	idea: 'projects',
	project_started: 'projects',
	project_closed: 'projects',
	accounts: 'projects',
	resource: 'projects',
	proposal_submitted: 'projects',
	award_published: 'projects',
	picture: 'pictures',
	assessed_self: 'assessments',
	assessed_station: 'assessments'
};

/** The kind of an event, by its code; what no other kind names is a decision. */
export const storyKindOf = (code: string): StoryKind => kindOfCode[code] ?? 'decisions';

/** Whether an event belongs to what a reader asked for; pictures are also those of activities and projects. */
export const tells = (event: { code: string; pictures: readonly string[] }, kind: StoryKind): boolean =>
	kind === 'pictures' ? event.pictures.length > 0 : storyKindOf(event.code) === kind;

/** What a chapter comes to, for the line under its heading. */
export type ChapterCounts = { days: number | null; activities: number; meetings: number; support: number };

/** Counts what happened in a chapter; `days` is null while it goes on. */
export const countsOf = ({ from, to, events }: Pick<Chapter<{ code: string }>, 'from' | 'to' | 'events'>): ChapterCounts => {
	const count = (...codes: string[]): number => events.filter(({ code }) => codes.includes(code)).length;
	return {
		days: to ? Math.max(1, Math.round((to.getTime() - from.getTime()) / 86_400_000)) : null,
		activities: count('activity'),
		meetings: count('meeting'),
		support: count('training', 'station_training', 'supervision', 'session')
	};
};
