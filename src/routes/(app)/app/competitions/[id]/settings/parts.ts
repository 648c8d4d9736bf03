import { m } from '#lib/i18n/generated/messages.js';

/** The parts of a competition's settings, each a page of its own, in the order one sets them up. */
export const parts = ['basics', 'timeline', 'tracks', 'eligibility', 'budget', 'rounds', 'screening'] as const;
export type Part = (typeof parts)[number];

export const isPart = (text: string): text is Part => (parts as readonly string[]).includes(text);

const words: Record<Part, { label: () => string; lead: () => string }> = {
	basics: { label: m.comp_set_basics, lead: m.comp_set_basics_lead },
	timeline: { label: m.comp_set_timeline, lead: m.comp_set_timeline_lead },
	tracks: { label: m.comp_set_tracks, lead: m.comp_set_tracks_lead },
	eligibility: { label: m.comp_set_eligibility, lead: m.comp_set_eligibility_lead },
	budget: { label: m.comp_set_budget, lead: m.comp_set_budget_lead },
	rounds: { label: m.comp_set_rounds, lead: m.comp_set_rounds_lead },
	screening: { label: m.comp_set_screening, lead: m.comp_set_screening_lead }
};
export const partLabel = (part: Part): string => words[part].label();
export const partLead = (part: Part): string => words[part].lead();

/** Parts that stay as they were published once a call is open. */
export const frozenPart = (part: Part): boolean => part !== 'basics' && part !== 'timeline' && part !== 'screening';
