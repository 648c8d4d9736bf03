import { dimensions } from '#lib/domain/organizations/terms.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { sendTable } from '#lib/server/http/downloads/table.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { stationChoice } from '#lib/server/http/station-choice.ts';
import { cohortGroups, stationCohorts } from '#lib/server/modules/organizations/index.ts';
import { dimensionWords } from '#lib/ui/features/organizations/words.ts';
import { cohortWords } from '../../cohort-words.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const { chosen } = await stationChoice(actor, event.url);
	const by = cohortGroups.find((group) => group === event.url.searchParams.get('by')) ?? 'category';
	const { cohorts } = await forPage(stationCohorts(actor, chosen, by));
	return sendTable('cohorts', event.url.searchParams.get('format'), {
		title: m.station_tab_cohorts(),
		columns: [m.cohort_by(), m.cohort_count(), m.cohort_assessed(), m.org_status_graduated(), ...dimensions.map(dimensionWords), m.station_portfolio_overall()],
		rows: cohorts.map((cohort) => [
			cohortWords(by, cohort),
			cohort.count,
			cohort.assessed,
			cohort.graduated,
			...dimensions.map((key) => cohort.levels[key] ?? ''),
			cohort.mean ?? ''
		])
	});
};
