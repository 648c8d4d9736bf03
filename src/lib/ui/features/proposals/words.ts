import type { ProposalStatus } from '#lib/domain/proposals/types.ts';
import type { AnswerOrigin } from '#lib/domain/proposals/origins.ts';
import type { Section } from '#lib/domain/proposals/completeness.ts';
import { m } from '#lib/i18n/generated/messages.js';
import type { StatusShape } from '#lib/ui/primitives/status/index.ts';
import type { Tone } from '#lib/ui/primitives/tone.ts';

const words: Record<ProposalStatus, () => string> = {
	draft: m.propstatus_draft,
	submitted: m.propstatus_submitted,
	returned: m.propstatus_returned,
	passed: m.propstatus_passed,
	rejected: m.propstatus_rejected,
	withdrawn: m.propstatus_withdrawn
};

/** The status of a proposal in words. */
export const statusWord = (status: ProposalStatus): string => words[status]();

/** Its colour and shape. */
export const statusLook: Record<ProposalStatus, { tone: Tone; shape?: StatusShape }> = {
	draft: { tone: 'neutral' },
	submitted: { tone: 'info' },
	returned: { tone: 'warning', shape: 'return' },
	passed: { tone: 'growth' },
	rejected: { tone: 'danger' },
	withdrawn: { tone: 'neutral', shape: 'pause' }
};

const sectionWords: Record<Section, () => string> = {
	basics: m.prop_section_basics,
	plan: m.prop_section_plan,
	budget: m.prop_section_budget,
	attachments: m.prop_section_attachments
};
export const sectionWord = (section: Section): string => sectionWords[section]();

/** Where the first words of an answer came from. */
export const originWord = (origin: AnswerOrigin): string => {
	if (origin.kind === 'record') return m.appl_origin_record();
	if (origin.kind === 'idea') return m.appl_origin_idea({ title: origin.title });
	const month = origin.day.slice(0, 7);
	return origin.interviews > 0 ? m.appl_origin_survey_talks({ month, n: origin.answers, talks: origin.interviews }) : m.appl_origin_survey({ month, n: origin.answers });
};

const fieldWords: Record<string, () => string> = {
	title: m.prop_title,
	track: m.prop_track,
	requested: m.prop_requested,
	selfRaised: m.prop_self_raised,
	withinCharter: m.prop_within_charter,
	budget: m.prop_section_budget,
	attachments: m.prop_section_attachments
};

/** The name of a field of the form; a question's is its own label. */
export const fieldWord = (field: string, questions: ReadonlyMap<string, string>): string =>
	fieldWords[field]?.() ?? questions.get(field.replace('answers.', '')) ?? field;
