import type { NextAction } from '#lib/domain/organizations/next-action.ts';
import { m } from '#lib/i18n/generated/messages.js';

// Looking sentences up by their code brings the whole catalogue along: only pages without scripts may do it.
type Message = (params: Record<string, string | number>) => string;
const catalogue = m as unknown as Record<string, Message | undefined>;

/** The sentence a code names, filled with its parameters; the code itself when nobody wrote one. */
export const sentence = (key: string, params: Record<string, string | number> = {}): string => catalogue[key]?.(params) ?? key;

/** The next action in words; `label` is that of the criterion it works on. */
export const nextActionWords = (next: NextAction, label: string): string =>
	sentence(`org_next_${next.code}`, { ...next.params, label });
