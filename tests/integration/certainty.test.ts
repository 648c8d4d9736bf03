import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moreReviewsSchema, scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { transitionCompetition } from '#lib/server/modules/competitions/index.ts';
import { askForMore, judgingQueue, readCertainty, readRanking, readScorecard, readWholeRanking, saveScorecard } from '#lib/server/modules/judging/index.ts';
import { controlledClock } from '../factories/clock.ts';
import { makeRound, type JudgingRound } from '../factories/judging.ts';
import { refusal } from '../factories/refusal.ts';
import { openTestDatabase } from '../factories/store.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let clock: ReturnType<typeof controlledClock>;
beforeAll(async () => {
	database = await openTestDatabase();
	clock = controlledClock();
});
afterAll(async () => {
	clock.close();
	await database.close();
});

const marks = { need: 15, feasibility: 15, participation: 12, outcomes: 12, budget: 12, team: 8, sustainability: 4 };

/** Everybody submits everything; `needOf` gives the points of the first criterion by proposal and number of the review. */
const scoreAll = async (round: JudgingRound, needOf: (proposal: number, review: number) => number): Promise<void> => {
	const reviews = new Map<string, number>();
	for (const { user } of round.judges)
		for (const { items } of await judgingQueue(user))
			for (const card of items.filter(({ status }) => status !== 'submitted')) {
				const { version } = (await readScorecard(user, card.id)).card;
				const review = reviews.get(card.proposal) ?? 0;
				reviews.set(card.proposal, review + 1);
				const need = needOf(round.proposals.indexOf(card.proposal), review);
				await saveScorecard(
					user,
					card.id,
					scorecardSaveSchema.parse({ scores: { ...marks, need }, comments: { need: '见现场' }, status: 'submitted', version })
				);
			}
};

describe('certainty of a ranking', () => {
	test('names the undecided ones, and asks for more reviews of those only', async () => {
		const round = await makeRound(clock, 'sure', { proposals: 6, judges: 5, reviews: 3, given: { fund: 900_000 } });
		// One clear winner, one clear loser, and four alike that the judges disagree about: three reviews each, since
		// with two some ways of dealing them out let the judges’ leniency explain the disagreement whole.
		const points = [[20, 20], [6, 16], [16, 6], [6, 16], [16, 6], [0, 1]];
		const need = (proposal: number, review: number) => points[proposal]?.[review % 2] ?? 0;
		await scoreAll(round, need);
		const view = await readCertainty(round.head, round.competition.id);
		const { band, places, calibration, outlook } = view.certainty;
		expect(places).toBeGreaterThan(0);
		expect(calibration.n).toMatchObject({ proposals: 6, scores: 18 });
		expect(band.length).toBeGreaterThanOrEqual(2);
		expect(band).not.toContain(round.proposals[5]);
		expect(outlook.length).toBe(4);
		expect((await readRanking(round.head, round.competition.id)).certainty).toEqual({ band: band.length, places, reliability: calibration.reliability });

		const before = new Map((await readWholeRanking(round.head, round.competition.id)).rows.map((row) => [row.proposal, row.cards.length]));
		const asked = await askForMore(round.head, round.competition.id, moreReviewsSchema.parse({ more: 1, seed: 'more' }));
		expect(asked).toEqual({ proposals: band.length, added: band.length, missing: 0, seed: 'more' });
		await scoreAll(round, need);
		const after = await readWholeRanking(round.head, round.competition.id);
		for (const row of after.rows)
			expect(row.cards.length, row.title).toBe((before.get(row.proposal) ?? 0) + (band.includes(row.proposal) ? 1 : 0));
		for (const row of after.rows) expect(new Set(row.cards.map(({ judge }) => judge)).size).toBe(row.cards.length);
	});

	test('opens a closed round again only with a reason, and only for who may', async () => {
		const round = await makeRound(clock, 'sureagain', { proposals: 4, judges: 4, reviews: 2, given: { fund: 600_000 } });
		await scoreAll(round, (proposal, review) => 10 + (proposal % 2 === review % 2 ? 3 : -3));
		await transitionCompetition(round.head, round.competition.id, { to: 'deliberation', reason: '' });
		const ask = (reason: string) => askForMore(round.head, round.competition.id, moreReviewsSchema.parse({ more: 1, reason, seed: 's' }));
		expect(await refusal(ask(''))).toMatchObject({ kind: 'invalid' });
		const judge = round.judges[0]?.user;
		if (!judge) throw new Error('no judge');
		expect(await refusal(askForMore(judge, round.competition.id, moreReviewsSchema.parse({ more: 1, reason: '想再看看' })))).toMatchObject({ kind: 'forbidden' });
		expect(await refusal(readCertainty(judge, round.competition.id))).toMatchObject({ kind: 'forbidden' });
		const asked = await ask('资金线附近分不出高下');
		expect(asked.added).toBeGreaterThan(0);
		clock.moveTo(new Date(Date.now() + 60 * 3_600_000));
		expect((await readRanking(round.head, round.competition.id)).head.scorecards).toBe(8);
		await scoreAll(round, () => 12);
		expect((await readRanking(round.head, round.competition.id)).head.scorecards).toBe(8 + asked.added);
	});
});
