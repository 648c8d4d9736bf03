import { m } from '#lib/i18n/generated/messages.js';

/** Why a scorecard is recused: what its judge or the organizer wrote, or the words for what the platform noted. */
export const recusalText = (reason: string): string =>
	reason === 'conflict_found' ? m.pair_conflict_found() : reason === 'judge_removed' ? m.pair_judge_removed() : reason;
