import { m } from '#lib/i18n/generated/messages.js';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { badRosterRows } from '#lib/server/modules/organizations/index.ts';
import { xlsxResponse } from '#lib/server/platform/xlsx.ts';
import { rosterFieldWords } from '#lib/ui/features/organizations/roster-words.ts';
import type { RequestHandler } from './$types';

/** The wrong rows as they came, each with its reasons behind it: to be corrected and sent again. */
export const GET: RequestHandler = async (event) => {
	const { headers, rows } = await forPage(badRosterRows(signedIn(event), event.params.id, event.params.import));
	const reasons = (issues: (typeof rows)[number]['issues']): string =>
		issues.map(({ field, code, params }) => `${rosterFieldWords(field)}${m.common_colon()}${wordsFor(code, params)}`).join('\n');
	return xlsxResponse('roster-bad-rows', [
		{
			name: m.roster_bad_rows(),
			columns: [...headers.map((title, at) => ({ title: title || m.roster_column({ n: at + 1 }) })), { title: m.roster_row_number() }, { title: m.roster_reasons(), width: 60 }],
			rows: rows.map(({ row, cells, issues }) => [...headers.map((_, at) => cells[at] ?? ''), row, reasons(issues)])
		}
	]);
};
