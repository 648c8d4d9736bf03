import { stringify } from 'csv-stringify/sync';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { competitionById } from '#lib/server/modules/competitions/index.ts';
import { readWholeRanking, scoreText } from '#lib/server/modules/judging/index.ts';
import { m } from '#lib/i18n/generated/messages.js';
import type { RequestHandler } from './$types';

/** The whole ranking as a table for a spreadsheet; formulas in anybody's words are disarmed. */
export const GET: RequestHandler = async (event) => {
	const { head, rows } = await forPage(readWholeRanking(signedIn(event), event.params.id));
	const competition = await competitionById(event.params.id);
	const table = rows.map((row) => [
		row.rank ?? '',
		row.number,
		row.title,
		row.organizationName,
		scoreText(row.score),
		row.cards.length,
		(row.requested / 100).toFixed(2),
		...head.judges.map((_judge, at) => scoreText(row.cards.find((card) => card.judge === at)?.total ?? null))
	]);
	const titles = [m.rank_rank(), m.rank_number(), m.rank_proposal(), m.rank_organization(), m.rank_score(), m.rank_n(), m.rank_requested_yuan()];
	// The mark at the beginning lets Excel read the file as UTF-8.
	const text = `\ufeff${stringify([[...titles, ...head.judges.map((judge) => judge.name)], ...table], { escape_formulas: true })}`;
	return new Response(text, {
		headers: {
			'Content-Type': 'text/csv; charset=utf-8',
			'Content-Disposition': `attachment; filename="${competition.slug}-ranking${competition.state === 'judging' ? '-not-final' : ''}.csv"`,
			'Cache-Control': 'private, no-store'
		}
	});
};
