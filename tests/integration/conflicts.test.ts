import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roundSchema } from '#lib/domain/competitions/schema.ts';
import { scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { grantRole } from '#lib/server/modules/accounts/index.ts';
import {
	assign,
	declareConflict,
	detectedConflicts,
	introduceJudge,
	judgingQueue,
	judgingWork,
	readAppointment,
	readAssignment,
	readWholeRanking,
	recuse,
	saveScorecard,
	separatePair,
	type QueueItem
} from '#lib/server/modules/judging/index.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { controlledClock } from '../factories/clock.ts';
import { atStation, type User } from '../factories/competitions.ts';
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

const anchors = { high: '好', middle: '中', low: '弱' };
const rubric = [{ key: 'content', label: '内容', points: 100, anchors }];
const round = (key: string, reviews: number) => roundSchema.parse({ key, kind: 'document', label: key, weight: 50, rule: 'trimmed', reviews, rubric });
const points = (content: number, status = 'submitted') => scorecardSaveSchema.parse({ scores: { content }, status, version: 0 });

const cardsOf = async (user: User): Promise<QueueItem[]> => (await judgingQueue(user)).flatMap(({ items }) => items);
/** The judge's scorecard of a proposal in a round. */
const cardOf = async (user: User, proposal: string, key: string): Promise<QueueItem> => {
	const found = (await cardsOf(user)).find((one) => one.proposal === proposal && one.round === key);
	if (!found) throw new Error('no such card');
	return found;
};
const at = ({ judges, proposals }: JudgingRound, n: number) => {
	const judge = judges[n];
	if (!judge) throw new Error('no such judge');
	return { ...judge, proposal: proposals[n] ?? '' };
};
const recusalsOnRecord = (judge: string) => mongoose.connection.collection('audit').countDocuments({ action: 'scorecard_recused', 'detail.judge': judge });
const workOf = async (user: User, code: string) => (await judgingWork(user)).find((item) => item.code === code);

describe('a judge who steps back in a call of two rounds', () => {
	let call: JudgingRound;
	let id: string;
	beforeAll(async () => {
		call = await makeRound(clock, 'liangci', { proposals: 2, judges: 6, reviews: 6, given: { rounds: [round('first', 6), round('second', 6)] } });
		id = call.competition.id;
		for (const [n, { user }] of call.judges.entries())
			for (const proposal of call.proposals) await saveScorecard(user, (await cardOf(user, proposal, 'first')).id, points(65 + 4 * n));
		await assign(call.head, id, { round: 'second', reviews: 6, seed: 's', redeal: false });
	});

	test('loses the scorecards of the pair in all rounds at once: the submitted one is out before trimming, each is on record once', async () => {
		const { id: judge, user } = at(call, 5);
		const { proposal } = at(call, 0);
		const scoreOf = async () => (await readWholeRanking(call.head, id)).rows.find((row) => row.proposal === proposal)?.rounds?.find(({ key }) => key === 'first');
		// 65, 69 … 85: 69 … 81 are left of six, 69 … 77 of five.
		expect(await scoreOf()).toMatchObject({ n: 6, score: 7500 });
		await recuse(user, (await cardOf(user, proposal, 'second')).id, '刚知道是亲戚');
		expect((await cardsOf(user)).filter((one) => one.proposal === proposal).map(({ status }) => status)).toEqual(['recused', 'recused']);
		expect(await scoreOf()).toMatchObject({ n: 5, score: 7300 });
		await recuse(user, (await cardOf(user, proposal, 'first')).id, '再说一遍');
		expect(await recusalsOnRecord(judge)).toBe(2);
		// The other proposal stays theirs.
		expect((await cardsOf(user)).filter((one) => one.proposal !== proposal).map(({ status }) => status).sort()).toEqual(['assigned', 'submitted']);
		expect(await workOf(call.head, 'judging_top_up')).toMatchObject({ count: 1, href: `/app/competitions/${id}/assignment` });
	});

	test('the organizer hears of a later round that lacks a judge though the first has all', async () => {
		// With five wanted of each round they are complete again; the last word on the first stays five.
		await assign(call.head, id, { round: 'second', reviews: 5, seed: 't', redeal: true });
		await assign(call.head, id, { round: 'first', reviews: 5, seed: 't', redeal: false });
		expect(await workOf(call.head, 'judging_top_up')).toBeUndefined();
		await assign(call.head, id, { round: 'second', reviews: 6, seed: 't', redeal: false });
		await assign(call.head, id, { round: 'first', reviews: 5, seed: 't', redeal: false });
		expect(await workOf(call.head, 'judging_top_up')).toMatchObject({ count: 1, href: `/app/competitions/${id}/assignment?round=second` });
	});
});

describe('who has declared a conflict', () => {
	test('is known by id: somebody of the same name is somebody else, and what has no id yet goes by the name', async () => {
		const call = await makeRound(clock, 'tongming', { proposals: 2, judges: 2, reviews: 2 });
		const id = call.competition.id;
		const { id: judge, user, proposal } = at(call, 0);
		const namesake: User = { ...call.head, name: user.name };
		await declareConflict(namesake, { judge, proposal, reason: '有人告诉我们的' });
		const own = async () => (await readAppointment(user, id)).judge?.declared.map(({ reason }) => reason);
		expect(await own()).toEqual([]);
		await declareConflict(user, { judge, proposal, reason: '是我邻居' });
		expect(await own()).toEqual(['是我邻居']);
		await mongoose.connection
			.collection('judges')
			.updateOne({ _id: toId(judge) }, { $push: { declared: { proposal: at(call, 1).proposal, reason: '早先说的', at: new Date(), by: user.name } } } as object);
		expect(await own()).toEqual(['是我邻居', '早先说的']);
		// Said again, it is not said twice.
		await declareConflict(user, { judge, proposal: at(call, 1).proposal, reason: '再说一次' });
		expect(await own()).toEqual(['是我邻居', '早先说的']);
	});
});

describe('a conflict that comes to light after the deal', () => {
	let call: JudgingRound;
	let id: string;
	beforeAll(async () => {
		call = await makeRound(clock, 'houlai', { proposals: 4, judges: 4, reviews: 2 });
		id = call.competition.id;
	});

	test('stands in the work of the organizer, who takes the pair back and gives it to another in one act', async () => {
		const { id: judge, user } = at(call, 0);
		const [begun, unstarted] = (await cardsOf(user)).map(({ id: card, proposal }) => ({ card, proposal }));
		if (!begun || !unstarted) throw new Error('two scorecards each');
		expect(await workOf(call.head, 'judging_conflicts_held')).toBeUndefined();
		expect((await refusal(separatePair(call.head, id, { judge, proposal: begun.proposal }))).code).toBe('pair_not_in_conflict');

		await saveScorecard(user, begun.card, scorecardSaveSchema.parse({ scores: { need: 12 }, status: 'draft', version: 0 }));
		await grantRole(user.id, atStation('worker', call.street));
		await introduceJudge(user, id, { employer: '社工站', expertise: [] });
		const held = (await detectedConflicts(call.head, id)).filter((one) => one.held !== null);
		expect(held.map((one) => [one.proposal, one.kinds, one.held]).sort()).toEqual(
			[
				[begun.proposal, ['station_staff'], 'draft'],
				[unstarted.proposal, ['station_staff'], 'assigned']
			].sort()
		);
		expect(await workOf(call.head, 'judging_conflicts_held')).toMatchObject({ count: 2, href: `/app/competitions/${id}/judges#conflicts` });

		expect((await refusal(separatePair(user, id, { judge, proposal: begun.proposal }))).kind).toBe('forbidden');
		expect((await refusal(separatePair(call.head, id, { judge: '0'.repeat(24), proposal: begun.proposal }))).kind).toBe('not_found');
		for (const { proposal } of held) expect(await separatePair(call.head, id, { judge, proposal })).toEqual({ rounds: 1, missing: 0 });
		// What was begun is kept as recused and on record; what was not goes back.
		expect((await cardsOf(user)).map(({ proposal, status }) => [proposal, status])).toEqual([[begun.proposal, 'recused']]);
		expect(await recusalsOnRecord(judge)).toBe(1);
		const { pairs } = await readAssignment(call.head, id);
		for (const proposal of call.proposals)
			expect(pairs.filter((pair) => pair.proposal === proposal && pair.status !== 'recused').map((pair) => pair.judge === judge)).toEqual([false, false]);
		expect(await workOf(call.head, 'judging_conflicts_held')).toBeUndefined();
		expect(await separatePair(call.head, id, { judge, proposal: begun.proposal })).toEqual({ rounds: 0, missing: 0 });
	});
});
