import type { Certainty } from '#lib/domain/judging/certainty.ts';
import { m } from '#lib/i18n/generated/messages.js';

type Note = Certainty['calibration']['notes'][number];

const notes: Record<Note, () => string> = {
	no_scores: m.sure_note_no_scores,
	single_proposal: m.sure_note_single_proposal,
	single_judge: m.sure_note_single_judge,
	one_review_each: m.sure_note_one_review_each,
	no_spread: m.sure_note_no_spread,
	judge_not_estimable: m.sure_note_judge_not_estimable,
	proposal_variance_zero: m.sure_note_proposal_variance_zero,
	judge_variance_zero: m.sure_note_judge_variance_zero,
	residual_variance_zero: m.sure_note_residual_variance_zero,
	disconnected: m.sure_note_disconnected,
	several_rounds: m.sure_note_several_rounds,
	influence_left_out: m.sure_note_influence_left_out
};

/** What a note about a calibration means, in a sentence. */
export const noteWords = (note: Note): string => notes[note]();

const rules = { mean: m.sure_rule_mean, trimmed: m.sure_rule_trimmed, calibrated: m.sure_rule_calibrated };

export const ruleWords = (rule: keyof typeof rules): string => rules[rule]();

/** A probability as people say it; the ends are never called certain. */
export const chanceText = (share: number | null): string =>
	share === null ? '—' : share > 0.99 ? '> 99%' : share < 0.01 ? '< 1%' : `${Math.round(share * 100)}%`;
