import { m } from '#lib/i18n/generated/messages.js';
import { categoryWords } from '#lib/ui/features/organizations/index.ts';

/** A group for which a quota may be set, in words. */
export const groupName = (group: { kind: 'track' | 'community' | 'category'; value: string; label: string }): string =>
	group.kind === 'category' ? categoryWords(group.value as Parameters<typeof categoryWords>[0]) : group.label;

/** What kind of group it is. */
export const kindName = (kind: 'track' | 'community' | 'category'): string =>
	({ track: m.set_kind_track, community: m.set_kind_community, category: m.set_kind_category })[kind]();
