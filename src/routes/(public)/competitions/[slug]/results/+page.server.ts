import { forPage } from '#lib/server/http/guards.ts';
import { publicCompetition } from '#lib/server/modules/competitions/index.ts';
import { publicObjections, publicResult, publicResults, publishedRule, scoreText } from '#lib/server/modules/judging/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import { found, sliced } from '#lib/ui/tables/in-list.ts';
import type { PageServerLoad } from './$types';

const pageSize = 200;

export const load: PageServerLoad = async ({ params, url }) => {
	const competition = await forPage(publicCompetition(params.slug));
	const all = await forPage(publicResults(params.slug));
	const base = { competition: { title: competition.title, slug: competition.slug, station: competition.stationName } };
	if (all.length === 0) return { ...base, result: null };
	const n = Number(url.searchParams.get('notice')) || undefined;
	const result = await forPage(publicResult(params.slug, n));
	const search = (url.searchParams.get('search') ?? '').slice(0, 60);
	const matching = result.rows.filter(({ number, title, organizationName }) => found(search, number, title, organizationName));
	const { items: listed, page, pages } = sliced(matching, url.searchParams.get('page'), pageSize);
	const { rows, publishedAt, noticeUntil, digest, fund, total } = result;
	const rule = await forPage(publishedRule(params.slug, result.n, digest));
	const several = rule.rounds.length > 1 || rule.rounds.some(({ groups }) => groups.length > 0);
	const next = all.find((one) => one.n === result.n + 1);
	return {
		...base,
		result: {
			n: result.n,
			...{ publishedAt, noticeUntil, digest, fund, total, page, pages },
			search,
			matching: matching.length,
			count: rows.length,
			funded: rows.filter((row) => row.outcome === 'fund').length,
			rule: { rounds: rule.rounds, bonus: rule.bonus.size > 0 },
			objections: await publicObjections(competition.id),
			mayObject: competition.state === 'notice' && result.n === all[0]?.n && noticeUntil > now(),
			corrects: result.corrects ?? null,
			correctedBy: next ? { n: next.n, publishedAt: next.publishedAt } : null,
			periodChanges: result.periodChanges ?? [],
			calibrated: result.calibrated ?? [],
			latest: all[0]?.n ?? result.n,
			others: all.filter((one) => one.n !== result.n).map((one) => ({ n: one.n, publishedAt: one.publishedAt })),
			rows: listed.map((row) => ({
				rank: row.rank,
				number: row.number,
				title: row.title,
				organizationName: row.organizationName,
				scoreText: scoreText(row.score),
				parts: several ? (rule.scores.get(row.number) ?? []) : [],
				bonus: rule.bonus.get(row.number) ?? '',
				requested: row.requested,
				outcome: row.outcome,
				amount: row.amount,
				reason: row.reason
			}))
		}
	};
};
