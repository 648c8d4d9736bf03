import { error } from '@sveltejs/kit';
import { dayOf } from '#lib/domain/shared/days.ts';
import { dimensions } from '#lib/domain/organizations/terms.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { sendTable } from '#lib/server/http/downloads/table.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { eachMaturityRow, maturityListSchema, type MaturityRow } from '#lib/server/modules/organizations/index.ts';
import { categoryWords, dimensionWords, statusWords } from '#lib/ui/features/organizations/words.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const { chosen } = await stationChoice(actor, event.url);
	const query = maturityListSchema.safeParse(Object.fromEntries(event.url.searchParams));
	if (!query.success) error(422);
	const found: MaturityRow[] = [];
	await forPage(
		(async () => {
			for await (const row of eachMaturityRow(actor, chosen, query.data)) found.push(row);
		})()
	);
	return sendTable('maturity', event.url.searchParams.get('format'), {
		title: m.heat_title(),
		columns: [
			m.org_list_code(),
			m.station_portfolio_organization(),
			m.org_list_category(),
			m.org_list_status(),
			...dimensions.map(dimensionWords),
			m.station_portfolio_overall(),
			m.org_maturity_self(),
			m.heat_assessed_at()
		],
		rows: found.map((row) => [
			row.code,
			row.name,
			categoryWords(row.category),
			statusWords(row.status),
			...dimensions.map((key) => row.levels?.[key] ?? ''),
			row.overall ?? '',
			row.self ?? '',
			row.at ? dayOf(row.at) : ''
		])
	});
};
