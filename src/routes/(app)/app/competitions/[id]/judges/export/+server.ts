import { stringify } from 'csv-stringify/sync';
import { m } from '#lib/i18n/generated/messages.js';
import { sendCsv } from '#lib/server/http/downloads.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { listJudges } from '#lib/server/modules/judging/index.ts';
import { xlsxResponse } from '#lib/server/platform/xlsx.ts';
import { judgeStatus } from '#lib/ui/features/judging/status.ts';
import type { RequestHandler } from './$types';

// A cell that begins like a formula is text in every spreadsheet.
const line = (cells: readonly (string | number | null)[]): string => stringify([cells], { escape_formulas: true, record_delimiter: '\r\n' });

/** The judges of a competition with their contacts, for those who run it; how much each has done, never a score. */
export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const competition = await forPage(readCompetition(actor, event.params.id));
	const judges = await forPage(listJudges(actor, competition.id));
	const groups = new Map(competition.rounds.flatMap((round) => round.groups.map(({ key, label }) => [key, label])));
	const head = [
		...[m.judge_name(), m.judge_employer(), m.judge_phone(), m.judge_expertise(), m.judge_group_of(), m.judge_load_cap(), m.run_judge_state()],
		...[m.run_judge_assigned(), m.run_judge_submitted(), m.run_judge_recused()]
	];
	const rows = judges.map(({ name, employer, phone, expertise, group, cap, status, assigned, submitted, recused }) => [
		...[name, employer, phone, expertise.join('、'), groups.get(group) ?? '', cap, judgeStatus(status).label],
		...[assigned, submitted, recused]
	]);
	const title = `${competition.slug}-judges`;
	if (event.url.searchParams.get('format') === 'xlsx') return xlsxResponse(title, [{ name: m.comp_tab_judges(), columns: head.map((text) => ({ title: text })), rows }]);
	async function* lines() {
		yield line(head);
		for (const row of rows) yield line(row);
	}
	return sendCsv(`${title}.csv`, lines());
};
