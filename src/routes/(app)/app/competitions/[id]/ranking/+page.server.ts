import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { competitionById } from '#lib/server/modules/competitions/index.ts';
import { readRanking, scorecardsOutstanding, scoreText, type RankingRow } from '#lib/server/modules/judging/index.ts';
import { ruleSentences } from '#lib/ui/features/competitions/published-rule.ts';
import { unsent } from '#lib/ui/unsent.ts';
import type { PageServerLoad } from './$types';

const draw = (rows: readonly RankingRow[]) =>
	rows.map(({ organization: _organization, cards, ...row }) => ({
		...row,
		scoreText: scoreText(row.score),
		cards: cards.map(({ total, dropped }) => ({ total, dropped }))
	}));

// Rows of a computed ranking are the same objects until it is computed anew.
const drawn = new WeakMap<readonly RankingRow[], ReturnType<typeof draw>>();
const linesOf = (rows: readonly RankingRow[]): ReturnType<typeof draw> => {
	const lines = drawn.get(rows) ?? draw(rows);
	drawn.set(rows, lines);
	return lines;
};

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const page = Math.max(1, Math.floor(Number(event.url.searchParams.get('page')) || 1));
	const { head, rows, pages, certainty } = await forPage(readRanking(actor, id, page - 1));
	const competition = await competitionById(id);
	const round = competition.rounds.at(-1);
	const several = competition.rounds.length > 1 || competition.rounds.some(({ groups }) => groups.length > 0);
	return {
		competition: { id, title: competition.title, state: competition.state },
		missing: competition.state === 'judging' ? await scorecardsOutstanding(id) : 0,
		head: { ...head, judges: head.judges.length },
		rows: unsent(event, linesOf(rows)),
		certainty,
		uncalibrated: (head.uncalibrated ?? []).map(({ round: key, group, reason }) => {
			const own = competition.rounds.find((one) => one.key === key);
			const words = [own?.label, own?.groups.find((one) => one.key === group)?.label].filter(Boolean);
			return { round: words.join(' · '), reason };
		}),
		page,
		pages,
		rule: round?.rule ?? 'mean',
		// One plain round is one sentence; several, or groups, are said one by one.
		rules: several ? ruleSentences({ rounds: competition.rounds, bonus: competition.bonus !== null }) : [],
		calibrated: competition.rounds.some(({ rule }) => rule === 'calibrated'),
		maximum: (round?.rubric ?? []).reduce((sum, { points }) => sum + points, 0),
		labels: Object.fromEntries(competition.rounds.flatMap(({ rubric }) => rubric.map(({ key, label }) => [key, label])))
	};
};
