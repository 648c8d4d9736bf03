import { z } from 'zod';
import { decisionSchema } from '#lib/domain/judging/schema.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { parseYuan } from '#lib/domain/shared/money.ts';
import type { FormValue } from '#lib/server/http/form-data.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { competitionById } from '#lib/server/modules/competitions/index.ts';
import { decide, decideByRank, readDecision, scoreText } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const page = Math.max(1, Math.floor(Number(event.url.searchParams.get('page')) || 1));
	const { head: _head, rows, ...view } = await forPage(readDecision(actor, id, page - 1));
	const competition = await competitionById(id);
	const last = competition.rounds.at(-1);
	return {
		...view,
		page,
		competition: { id, title: competition.title, state: competition.state },
		cap: Math.max(...competition.tracks.map((track) => track.cap)),
		rows: rows.map(({ proposal, number, title, organizationName, rank, score, requested, line, award, notes, reached }) => ({
			...{ proposal, number, title, organizationName, rank, requested, line, award, notes },
			scoreText: scoreText(score),
			/** The round it stopped at, where others went further: a higher score may stand below theirs. */
			stopped: reached === undefined || reached === last?.key ? null : (competition.rounds.find(({ key }) => key === reached)?.label ?? null)
		}))
	};
};

/** Amounts are typed in yuan; what is no amount is left for the schema to refuse at its field. */
const award = (value: FormValue): unknown => {
	if (typeof value === 'string' || Array.isArray(value)) return value;
	const text = typeof value.amount === 'string' ? value.amount.trim() : '';
	const fund = value.outcome === 'fund';
	return { ...value, amount: !fund || text === '' ? 0 : (parseYuan(text) ?? text) };
};

const decided = (value: FormValue): boolean => typeof value === 'object' && !Array.isArray(value) && value.outcome !== '';

export const actions = {
	save: formAction(
		decisionSchema,
		async (input, { event, actor }) => {
			const { total, version } = await decide(actor, event.params.id ?? '', input);
			return { saved: true, total, version };
		},
		({ awards, version }) => ({
			awards: (Array.isArray(awards) ? awards : []).filter(decided).map(award),
			rest: 'keep',
			version
		})
	),
	rank: formAction(z.object({ version: versionSchema }), async ({ version }, { event, actor }) => {
		const { total, version: next } = await decideByRank(actor, event.params.id ?? '', version);
		return { saved: true, total, version: next };
	})
} satisfies Actions;
