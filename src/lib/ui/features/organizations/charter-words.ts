import type { VersionState } from '#lib/domain/organizations/charters.ts';
import type { DocumentKind } from '#lib/domain/organizations/tool-terms.ts';
import { m } from '#lib/i18n/generated/messages.js';
import type { Tone } from '#lib/ui/primitives/tone.ts';

const kinds: Record<DocumentKind, () => string> = {
	charter: m.charter_kind_charter,
	finance: m.charter_kind_finance,
	activities: m.charter_kind_activities,
	leave: m.charter_kind_leave
};
export const documentWords = (kind: DocumentKind): string => kinds[kind]();

const states: Record<VersionState, { words: () => string; tone: Tone }> = {
	proposed: { words: m.charter_state_proposed, tone: 'warning' },
	not_carried: { words: m.charter_state_not_carried, tone: 'danger' },
	coming: { words: m.charter_state_coming, tone: 'info' },
	in_force: { words: m.charter_state_in_force, tone: 'growth' },
	superseded: { words: m.charter_state_superseded, tone: 'neutral' }
};
export const versionStateWords = (state: VersionState): string => states[state].words();
export const versionStateTone = (state: VersionState): Tone => states[state].tone;
