import { error } from '@sveltejs/kit';
import { stringify } from 'csv-stringify/sync';
import { can } from '#lib/domain/accounts/policy.ts';
import { isBlind } from '#lib/domain/judging/blind.ts';
import { yuanText } from '#lib/domain/shared/money.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { sendCsv } from '#lib/server/http/downloads.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { eachProposal, eachWholeProposal, proposalListSchema, type ExportedProposal } from '#lib/server/modules/proposals/index.ts';
import { xlsxResponse } from '#lib/server/platform/xlsx.ts';
import { statusWord } from '#lib/ui/features/proposals/words.ts';
import { formatDateTime } from '#lib/ui/format.ts';
import { answerSheets } from './answers.ts';
import type { RequestHandler } from './$types';

// A cell that begins like a formula is text in every spreadsheet.
const line = (cells: (string | number)[]): string => stringify([cells], { escape_formulas: true, record_delimiter: '\r\n' });

export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const input = proposalListSchema.safeParse(Object.fromEntries(event.url.searchParams));
	if (!input.success) error(422, wordsFor('invalid'));
	const competition = await forPage(readCompetition(actor, event.params.id));
	const tracks = new Map(competition.tracks.map(({ key, label }) => [key, label]));
	// The words are settled here: the rows are written after the request has left its language.
	const head = [m.prop_number(), m.prop_title(), m.prop_organization(), m.prop_track(), `${m.prop_requested()}（${m.common_yuan()}）`, m.prop_submitted_at(), m.prop_status(), m.run_export_screening(), m.run_export_reason()];
	const statuses = new Map((['draft', 'submitted', 'returned', 'passed', 'rejected', 'withdrawn'] as const).map((status) => [status, statusWord(status)]));
	const outcomes = { pass: m.prop_outcome_pass(), return: m.prop_outcome_return(), reject: m.prop_outcome_reject() } as const;
	const decided = m.appl_deciding();
	const opinions = ({ screening }: ExportedProposal): string =>
		screening.map(({ byName, outcome, deciding }) => `${deciding ? `${decided} ` : ''}${byName} · ${outcomes[outcome]}`).join('\n');
	const reasons = ({ screening }: ExportedProposal): string =>
		screening.flatMap(({ reason, points = [] }) => [reason, ...points.map(({ text }) => text)].filter((text) => text !== '')).join('\n');
	const language = event.locals.preferences.locale;
	if (event.url.searchParams.get('format') === 'xlsx') {
		const rows = [];
		for await (const row of eachProposal(actor, competition.id, input.data))
			rows.push([row.number, row.title, row.organizationName, tracks.get(row.track) ?? row.track, row.requested / 100, row.submittedAt, statuses.get(row.status) ?? row.status, opinions(row), reasons(row)]);
		const formats = new Map([[4, '#,##0.00'], [5, 'yyyy-mm-dd hh:mm']]);
		const columns = head.map((title, at) => ({ title, format: formats.get(at) }));
		// Who judges a blind round reads nothing of a group's there, so not here either, whatever else they are.
		const blinded = competition.rounds.some(isBlind) && actor.kind === 'user' && can(actor, 'scorecard.score', { owner: actor.id, competition: competition.id });
		const whole = [];
		if (!blinded) for await (const proposal of eachWholeProposal(actor, competition.id, input.data)) whole.push(proposal);
		return xlsxResponse(`${competition.slug}-proposals`, [{ name: competition.title, columns, rows }, ...(blinded ? [] : answerSheets(competition.tracks, whole))]);
	}
	async function* rows() {
		yield line(head);
		for await (const row of eachProposal(actor, competition.id, input.data ?? proposalListSchema.parse({})))
			yield line([
				row.number ?? '',
				row.title,
				row.organizationName,
				tracks.get(row.track) ?? row.track,
				yuanText(row.requested),
				row.submittedAt ? formatDateTime(row.submittedAt, language) : '',
				statuses.get(row.status) ?? row.status,
				opinions(row),
				reasons(row)
			]);
	}
	return sendCsv(`${competition.slug}-proposals.csv`, rows());
};
