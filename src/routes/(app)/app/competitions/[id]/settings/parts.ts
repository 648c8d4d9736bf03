import { setupParts, type SetupPart } from '#lib/domain/competitions/setup-parts.ts';
import { m } from '#lib/i18n/generated/messages.js';

export { isSetupPart as isPart, setupParts as parts, type SetupPart as Part } from '#lib/domain/competitions/setup-parts.ts';

const words: Record<SetupPart, { label: () => string; lead: () => string }> = {
	basics: { label: m.comp_set_basics, lead: m.comp_set_basics_lead },
	timeline: { label: m.comp_set_timeline, lead: m.comp_set_timeline_lead },
	tracks: { label: m.comp_set_tracks, lead: m.comp_set_tracks_lead },
	eligibility: { label: m.comp_set_eligibility, lead: m.comp_set_eligibility_lead },
	budget: { label: m.comp_set_budget, lead: m.comp_set_budget_lead },
	rounds: { label: m.comp_set_rounds, lead: m.comp_set_rounds_lead },
	screening: { label: m.comp_set_screening, lead: m.comp_set_screening_lead }
};
export const partLabel = (part: SetupPart): string => words[part].label();
export const partLead = (part: SetupPart): string => words[part].lead();

/** Parts that stay as they were published once a call is open, but for an amendment. */
export const frozenPart = (part: SetupPart): boolean => part !== 'basics' && part !== 'timeline' && part !== 'screening';

/** The part after one in the guide; undefined after the last. */
export const nextPart = (part: SetupPart): SetupPart | undefined => setupParts[setupParts.indexOf(part) + 1];
