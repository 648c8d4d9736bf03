import { serviceFilterSchema } from '#lib/domain/organizations/service-log.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { chosenStation } from '#lib/server/http/chosen-station.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { eachService } from '#lib/server/modules/organizations/index.ts';
import { xlsxResponse } from '#lib/server/platform/xlsx.ts';
import { serviceWords } from '#lib/ui/features/organizations/support-words.ts';
import type { RequestHandler } from './$types';

/** The service log under the page's conditions as a workbook; people and attendances in columns of their own. */
export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const { station, stationName } = await chosenStation(actor, event.url);
	const filter = serviceFilterSchema.safeParse(Object.fromEntries(event.url.searchParams)).data ?? {};
	const collect = async (): Promise<(string | number)[][]> => {
		const rows: (string | number)[][] = [];
		for await (const item of eachService(actor, station, filter))
			rows.push([item.heldOn, serviceWords(item.kind), item.people, item.attendances, item.hours, item.organizationName, item.worker, item.note]);
		return rows;
	};
	return xlsxResponse('service-log', [
		{
			name: m.support_log(),
			notes: [stationName, m.support_log_counts()],
			columns: [
				{ title: m.org_activity_day(), width: 14 },
				{ title: m.support_service_kind(), width: 16 },
				{ title: m.support_people() },
				{ title: m.support_attendances() },
				{ title: m.org_activity_hours() },
				{ title: m.support_service_group(), width: 28 },
				{ title: m.support_worker(), width: 14 },
				{ title: m.support_note(), width: 40 }
			],
			rows: await forPage(collect())
		}
	]);
};
