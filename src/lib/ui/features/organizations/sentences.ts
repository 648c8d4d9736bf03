import type { NextAction } from '#lib/domain/organizations/next-action.ts';
import { m } from '#lib/i18n/generated/messages.js';

// Looking sentences up by their code brings the whole catalogue along: only pages without scripts may do it.
type Message = (params: Record<string, string | number>) => string;
const catalogue = m as unknown as Record<string, Message | undefined>;

/** The sentence a code names, filled with its parameters; the code itself when nobody wrote one. */
export const sentence = (key: string, params: Record<string, string | number> = {}): string => catalogue[key]?.(params) ?? key;

/** Who takes the step, as a sentence calls them; the mentor by name where there is one. */
const whoWords = (who: NextAction['who'], mentor: string): string =>
	who === 'mentor' || who === 'together' ? (mentor ? sentence(`next_who_${who}_named`, { name: mentor }) : sentence(`next_who_${who}`)) : sentence(`next_who_${who}`);

/**
 * The next action in one sentence: what is missing and who can do what. `label` is that of the criterion it works on,
 * `mentor` the name of the social worker.
 */
export const nextActionWords = (next: Pick<NextAction, 'code' | 'params' | 'who'>, label: string, mentor = ''): string =>
	sentence(`org_next_${next.code}`, { ...next.params, label, who: whoWords(next.who, mentor) });

/** What is past its date, in a word or two. */
export const overdueWords = (reason: NextAction['overdue'][number]): string => sentence(`next_overdue_${reason}`);
