import { versionSchema } from '#lib/domain/shared/fields.ts';
import { z } from 'zod';
import { m } from '#lib/i18n/generated/messages.js';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { decideBySet, suggestAwardSet, type QuotaGroup, type QuotaWish } from '#lib/server/modules/judging/index.ts';
import { groupName } from '#lib/ui/features/judging/quota-words.ts';
import type { Actions, PageServerLoad } from './$types';

const countOf = (text: string | null): number | null => (text !== null && /^\d{1,4}$/.test(text.trim()) ? Number(text.trim()) : null);

/** The quotas of an address: `min.track:simple=2&max.category:art=3`. */
const wishesOf = (params: URLSearchParams): QuotaWish[] => {
	const keys = new Set([...params.keys()].flatMap((name) => /^(?:min|max)\.(.{1,120})$/.exec(name)?.[1] ?? []));
	return [...keys]
		.map((key) => ({ key, min: countOf(params.get(`min.${key}`)), max: countOf(params.get(`max.${key}`)) }))
		.filter(({ min, max }) => min !== null || max !== null);
};

export const load: PageServerLoad = async (event) => {
	const wishes = wishesOf(event.url.searchParams);
	const { groups, rows, set, fund, left, version } = await forPage(suggestAwardSet(signedIn(event), event.params.id, wishes));
	return {
		wishes,
		...{ fund, left, version, set },
		groups: groups.map(({ members, ...group }) => ({ ...group, n: members.size })),
		rows: rows.filter(({ rank }) => rank !== null),
		query: event.url.search
	};
};

const reason = (because: readonly QuotaGroup[] | null, to: 'in' | 'out'): string => {
	if (because === null) return to === 'in' ? m.set_reason_filled() : m.set_reason_no_room();
	const names = because.map(groupName).join(m.set_comma());
	return to === 'in' ? m.set_reason_in({ names }) : m.set_reason_out({ names });
};

export const actions = {
	default: formAction(z.object({ version: versionSchema }), async ({ version }, { event, actor }) => {
		const id = event.params.id ?? '';
		await decideBySet(actor, id, wishesOf(event.url.searchParams), version, reason);
		return `/app/competitions/${id}/decision`;
	})
} satisfies Actions;
