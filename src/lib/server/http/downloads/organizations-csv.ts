import { stringify } from 'csv-stringify/sync';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { eachOrganization, type OrganizationFilter, type OrganizationView } from '#lib/server/modules/organizations/index.ts';
import { categoryWords, filingWords, gateWords, statusWords } from '#lib/ui/features/organizations/words.ts';

const columns: { title: () => string; text: (row: OrganizationView) => string | number }[] = [
	{ title: m.org_list_code, text: ({ code }) => code },
	{ title: m.org_title, text: ({ name }) => name },
	{ title: m.org_list_category, text: ({ category }) => categoryWords(category) },
	{ title: m.org_list_station, text: ({ stationName }) => stationName },
	{ title: m.org_list_community, text: ({ communityNames }) => communityNames.join(m.common_comma()) },
	{ title: m.org_list_status, text: ({ status }) => statusWords(status) },
	{ title: m.org_list_stage, text: ({ gate, status }) => (status === 'incubating' ? gateWords(gate) : '') },
	{ title: m.org_list_since, text: ({ stageSince }) => dayOf(stageSince) },
	{ title: m.org_list_filing, text: ({ filing, filingNumber }) => `${filingWords(filing)} ${filingNumber}`.trim() },
	{ title: m.org_list_mentor, text: ({ mentor }) => mentor?.name ?? '' },
	{ title: m.org_list_applicant, text: ({ applicant }) => applicant.name },
	{ title: m.org_list_phone, text: ({ applicant }) => applicant.phone },
	{ title: m.org_list_members, text: ({ memberCount }) => memberCount },
	{ title: m.org_list_level, text: ({ maturity }) => maturity.station?.overall ?? '' },
	{ title: m.org_list_last, text: ({ lastEvidenceAt }) => dayOf(lastEvidenceAt) }
];

/**
 * The list as a spreadsheet reads it: UTF-8 with a byte order mark, cells that look like formulas made harmless,
 * phones masked for those without contacts' rights.
 */
export const organizationCsv = async (actor: Actor, filter: OrganizationFilter): Promise<string> => {
	const rows: (string | number)[][] = [];
	for await (const row of eachOrganization(actor, filter)) rows.push(columns.map(({ text }) => text(row)));
	return stringify([columns.map(({ title }) => title()), ...rows], { bom: true, escape_formulas: true });
};
