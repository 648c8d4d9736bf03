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
export const storyKinds = ['decisions', 'activities', 'assessments', 'pictures'] as const;
export type StoryKind = (typeof storyKinds)[number];

/** The kind of an event, by its code. */
export const storyKindOf = (code: string): StoryKind => {
	if (code === 'picture') return 'pictures';
	if (code.startsWith('assessed')) return 'assessments';
	return ['activity', 'training', 'supervision', 'meeting'].includes(code) ? 'activities' : 'decisions';
};
