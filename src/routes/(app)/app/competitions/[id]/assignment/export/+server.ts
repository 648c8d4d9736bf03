import { stringify } from 'csv-stringify/sync';
import { m } from '#lib/i18n/generated/messages.js';
import { sendCsv } from '#lib/server/http/downloads.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { listJudges, readAssignment } from '#lib/server/modules/judging/index.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { xlsxResponse } from '#lib/server/platform/xlsx.ts';
import { scorecardStatus } from '#lib/ui/features/judging/scorecard-status.ts';
import type { RequestHandler } from './$types';

// A cell that begins like a formula is text in every spreadsheet.
const line = (cells: readonly string[]): string => stringify([cells], { escape_formulas: true, record_delimiter: '\r\n' });

/** Who scores what in a round, a row a pair: how far each is, never a score. */
export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const competition = await forPage(readCompetition(actor, event.params.id));
	const view = await forPage(readAssignment(actor, competition.id, event.url.searchParams.get('round') ?? undefined));
	const groupOf = new Map((await forPage(listJudges(actor, competition.id))).map(({ id, group }) => [id, group]));
	const labels = new Map(competition.rounds.flatMap(({ groups }) => groups.map(({ key, label }) => [key, label])));
	const judges = new Map(view.judges.map((judge) => [judge.id, judge.name]));
	const title = `${competition.slug}-assignment-${view.round.key}`;
	const head = [m.prop_number(), m.prop_title(), m.prop_organization(), m.judge_one(), m.judge_group_of(), m.judge_card_status()];
	const rows = view.proposals.flatMap((proposal) =>
		view.pairs
			.filter((pair) => pair.proposal === proposal.id)
			.map(({ judge, status }) => [
				...[proposal.number, proposal.title, proposal.organizationName],
				...[judges.get(judge) ?? '', labels.get(groupOf.get(judge) ?? '') ?? '', scorecardStatus(status).label]
			])
	);
	if (event.url.searchParams.get('format') === 'xlsx')
		return xlsxResponse(title, [{ name: view.round.label, columns: head.map((text) => ({ title: text })), rows }]);
	async function* lines() {
		yield line(head);
		for (const row of rows) yield line(row);
	}
	return sendCsv(`${title}.csv`, lines());
};
