import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roundSchema } from '#lib/domain/competitions/schema.ts';
import { advanceSchema, juryCodesSchema, pitchActSchema, pitchDrawSchema, scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { drawOrder } from '#lib/domain/judging/random.ts';
import { transitionBlockers, transitionCompetition } from '#lib/server/modules/competitions/index.ts';
import { verifyAudit } from '#lib/server/modules/audit/index.ts';
import {
	advance,
	assign,
	castBallot,
	checkBallot,
	introduceJudge,
	readAppointment,
	checkPaper,
	conductPitch,
	declareConflict,
	drawPitch,
	enterPaper,
	issueJuryCodes,
	judgingProgress,
	judgingQueue,
	judgingWork,
	linkScreen,
	pitchConsole,
	pitchScreen,
	pitchToFollow,
	readAssignment,
	remind,
	readBallot,
	readPaper,
	readRounds,
	readScorecard,
	readWholeRanking,
	recuse,
	revokeJuryCodes,
	saveScorecard
} from '#lib/server/modules/judging/index.ts';
import { controlledClock } from '../factories/clock.ts';
import type { User } from '../factories/competitions.ts';
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
const rubric = [
	{ key: 'content', label: '内容', points: 60, anchors },
	{ key: 'voice', label: '表达', points: 40, anchors }
];
const rounds = [
	roundSchema.parse({ key: 'document', kind: 'document', label: '书面', weight: 40, rule: 'mean', reviews: 2, rubric }),
	roundSchema.parse({
		key: 'pitch',
		kind: 'pitch',
		label: '路演',
		weight: 60,
		rule: 'trimmed',
		reviews: 5,
		rubric,
		groups: [
			{ key: 'experts', label: '专家', weight: 7, reviews: 5 },
			{ key: 'residents', label: '居民', weight: 3, by: 'codes' }
		]
	})
];

const cards = async (user: User, proposal: string) =>
	(await judgingQueue(user)).flatMap((group) => group.items).filter((item) => item.proposal === proposal && item.status !== 'submitted');
const card = async (user: User, proposal: string): Promise<string> => {
	const [found] = await cards(user, proposal);
	if (!found) throw new Error('no such card');
	return found.id;
};
const points = (content: number, voice: number, status = 'submitted', version = 0) =>
	scorecardSaveSchema.parse({ scores: { content, voice }, status, version });

describe('a call of two rounds with judge groups', () => {
	let round: JudgingRound;
	let id: string;
	let session: { version: number };
	const act = async (name: string, more: Record<string, unknown> = {}) => {
		session = await conductPitch(round.head, id, pitchActSchema.parse({ act: name, version: session.version, ...more }));
		return session;
	};
	const nth = (n: number): string => order[n] ?? '';
	const judge = (n: number): User => {
		const found = round.judges[n];
		if (!found) throw new Error('no such judge');
		return found.user;
	};
	let order: string[] = [];
	let codes: { n: number; code: string }[] = [];

	beforeAll(async () => {
		round = await makeRound(clock, 'zhuanchang', { proposals: 4, judges: 5, reviews: 2, given: { rounds } });
		id = round.competition.id;
		for (const [p, proposal] of round.proposals.entries())
			for (const { user } of round.judges)
				for (const { id: one } of await cards(user, proposal)) await saveScorecard(user, one, points(50 - p * 3, 30));
	});

	test('judging does not end by oversight while a round waits to be scored', async () => {
		const early = await refusal(transitionCompetition(round.head, id, { to: 'deliberation', reason: '' }));
		expect([early.code, early.issues[0]?.code, early.issues[0]?.params]).toEqual(['step_blocked', 'round_unscored', { label: '路演', n: 4 }]);
		expect(await transitionBlockers(round.head, id, 'deliberation')).toMatchObject([{ code: 'round_unscored', href: `/app/competitions/${id}/rounds#round-pitch` }]);
		expect((await judgingWork(round.head)).find(({ href }) => href.includes(id))).toMatchObject({ code: 'judging_round_next', params: { label: '路演' } });
		const progress = await judgingProgress(round.head, id, 'current');
		expect(progress).toMatchObject({ round: 'document', total: { assigned: 8, submitted: 8 }, reviews: 2 });
	});

	test('a judge says what they know and sees whom they may have to leave to others; nobody else does', async () => {
		await introduceJudge(judge(0), id, { employer: '青禾三小', expertise: ['助老', '环保'] });
		const { judge: own, proposals, blind, open } = await readAppointment(judge(0), id);
		expect({ own, n: proposals.length, blind, open }).toMatchObject({ own: { employer: '青禾三小', expertise: ['助老', '环保'], declared: [] }, n: 4, blind: false, open: true });
		expect((await refusal(readAppointment(round.worker, id))).kind).toBe('not_found');
		expect((await refusal(introduceJudge(round.head, id, { employer: '', expertise: [] }))).kind).toBe('not_found');
	});

	test('the first three go on, for a reason', async () => {
		const top = advanceSchema.parse({ by: 'top', round: 'pitch', n: 3, reason: '公告第五条：书面前三名进路演' });
		expect((await refusal(advance(judge(0), id, top))).kind).toBe('forbidden');
		expect((await advance(round.head, id, top)).proposals).toEqual(round.proposals.slice(0, 3));
		const { rows } = await readWholeRanking(round.head, id);
		expect(rows.map(({ rank, reached }) => [rank, reached])).toEqual([
			[1, 'pitch'],
			[2, 'pitch'],
			[3, 'pitch'],
			[4, 'document']
		]);
		const dealt = await assign(round.head, id, { round: 'pitch', seed: 'p', redeal: false });
		expect(new Set(dealt.assignments.map(({ proposal }) => proposal))).toEqual(new Set(round.proposals.slice(0, 3)));
		expect(dealt).toMatchObject({ added: 15, unfilled: [] });
		const [queue] = (await judgingQueue(judge(0))).filter(({ competition }) => competition === id);
		if (!queue) throw new Error('The judge has no queue here.');
		expect(queue.rounds.map(({ key, label }) => [key, label])).toEqual([['document', '书面'], ['pitch', '路演']]);
		expect(queue.items.map((item) => item.round)).toEqual([...Array<string>(queue.submitted).fill('document'), 'pitch', 'pitch', 'pitch']);
		expect(queue.items.find((item) => item.id === queue.next)?.round).toBe('pitch');
		expect(await judgingProgress(round.head, id, 'current')).toMatchObject({ round: 'pitch', total: { assigned: 15, submitted: 0 }, reviews: 5 });
		expect((await judgingProgress(round.head, id, 'pitch')).proposals).toHaveLength(3);
		expect((await judgingProgress(round.head, id, 'document')).total).toEqual({ assigned: 8, submitted: 8, recused: 0 });
		expect((await readAssignment(round.head, id, 'document')).last?.seed).not.toBe('p');
		expect((await readAssignment(round.head, id, 'pitch')).last?.seed).toBe('p');
		expect((await refusal(remind(round.head, id, { judge: 'all', text: '', round: 'document' }))).code).toBe('remind_nobody');
		expect((await refusal(assign(round.head, id, { round: 'pitch', reviews: 2, seed: 'p', redeal: false }))).issues[0]?.code).toBe('group_reviews_fixed');
	});

	test('the order is drawn by lot, and drawn again only for a reason', async () => {
		const draw = (more: Record<string, unknown>) => drawPitch(round.worker, id, pitchDrawSchema.parse({ talkMinutes: 8, questionMinutes: 4, ...more }));
		const numbers = (await draw({ seed: 'first' })).items.map(({ number }) => number);
		expect(numbers).toEqual(drawOrder('first', [...numbers].sort()));
		expect((await refusal(draw({ seed: 'second' }))).issues[0]?.path).toBe('reason');
		const drawn = await draw({ seed: 'second', reason: '漏了一个项目' });
		expect(drawn.draws.map(({ seed }) => seed)).toEqual(['first', 'second']);
		order = drawn.items.map(({ proposal }) => proposal);
		session = drawn;
	});

	test('nothing is scored before it is on stage, submitted before scoring opens, or saved after it closed', async () => {
		const one = await card(judge(0), nth(0));
		expect((await refusal(saveScorecard(judge(0), one, points(50, 30)))).code).toBe('pitch_not_presented');
		await act('start');
		expect((await refusal(drawPitch(round.head, id, pitchDrawSchema.parse({ reason: '再来' })))).code).toBe('pitch_started');
		await act('present', { proposal: nth(0) });
		const { version } = await saveScorecard(judge(0), one, points(50, 30, 'draft'));
		expect((await refusal(saveScorecard(judge(0), one, points(50, 30, 'submitted', version)))).code).toBe('pitch_scoring_not_open');
		await act('open', { proposal: nth(0) });
		await saveScorecard(judge(0), one, points(50, 30, 'submitted', version));
		for (const [n, content] of [
			[1, 45],
			[2, 40],
			[3, 38]
		] as const)
			await saveScorecard(judge(n), await card(judge(n), nth(0)), points(content, 30));
		const { now: view } = (await pitchConsole(round.head, id)) ?? {};
		expect(view?.items[0]).toMatchObject({ submitted: 4, of: 5, missing: ['zhuanchang.judge5'], standing: null });
	});

	test('two consoles: the second is told that things have moved on', async () => {
		const stale = pitchActSchema.parse({ act: 'close', proposal: nth(0), version: session.version - 1 });
		expect(await refusal(conductPitch(round.worker, id, stale))).toMatchObject({ code: 'stale', current: { version: session.version } });
		expect((await refusal(act('reveal', { proposal: nth(0) }))).code).toBe('pitch_scoring_still_open');
	});

	test('the hall votes with one-time codes, each project once', async () => {
		const issued = await issueJuryCodes(round.worker, id, juryCodesSchema.parse({ round: 'pitch', count: 4, hours: 5 }));
		codes = issued.codes;
		const code = (n: number): string => codes[n]?.code ?? '';
		const ballot = { scores: { [nth(0)]: { content: 60, voice: 40 } } };
		expect((await readBallot(code(0).toLowerCase(), '10.1.1.1')).projects.map((project) => project.id)).toEqual([nth(0)]);
		expect((await refusal(castBallot(code(0), { scores: { [nth(1)]: { content: 1, voice: 1 } } }, '10.1.1.1'))).issues[0]?.code).toBe('pitch_scoring_closed');
		const look = await checkBallot(code(0), { scores: { [nth(0)]: { content: 50, voice: 30 } } }, '10.1.1.1');
		expect(look).toMatchObject({ scored: [{ id: nth(0), total: 80 }], left: [], maximum: 100, inTurn: true });
		expect((await refusal(checkBallot(code(0), { scores: { [nth(0)]: { content: 61, voice: 1 } } }, '10.1.1.1'))).issues[0]?.code).toBe('score_above_maximum');
		expect((await refusal(castBallot(code(0), { scores: { [nth(0)]: { content: 61, voice: 1 } } }, '10.1.1.1'))).issues[0]?.code).toBe('score_above_maximum');
		expect((await refusal(castBallot(code(0), { scores: { [nth(0)]: { content: 5, voice: null } } }, '10.1.1.1'))).issues[0]?.code).toBe('score_missing');
		// Pressed twice at once: one of the two counts.
		const twice = await Promise.allSettled([castBallot(code(0), ballot, '10.1.1.1'), castBallot(code(0), ballot, '10.1.1.1')]);
		expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		await castBallot(code(1), { scores: { [nth(0)]: { content: 50, voice: 30 } } }, '10.1.1.1');
		expect((await refusal(castBallot(code(1), ballot, '10.1.1.1'))).code).toBe('jury_used');
		// The slip is kept for those to come.
		expect(await readBallot(code(1), '10.1.1.1')).toMatchObject({ projects: [], scored: [expect.any(String)], inTurn: true });
		await revokeJuryCodes(round.worker, id, { round: 'pitch', from: 3, to: 3, reason: '丢了一张' });
		expect((await refusal(castBallot(code(2), ballot, '10.1.1.1'))).code).toBe('jury_revoked');
		expect((await refusal(readBallot('AAAA AAAA', '10.1.1.2'))).kind).toBe('not_found');
	});

	test('guessing codes is slowed down, and does not stop the hall', async () => {
		for (let n = 0; n < 60; n += 1) await refusal(readBallot(`WRONG${n}`, '10.1.1.9'));
		expect((await refusal(readBallot('WRONG', '10.1.1.9'))).kind).toBe('rate_limited');
		expect((await readBallot(codes[3]?.code ?? '', '10.1.1.1')).projects).toHaveLength(1);
	});

	test('a paper scorecard is typed in by the same rules and checked by somebody else', async () => {
		const one = await card(judge(4), nth(0));
		expect((await refusal(enterPaper(judge(0), one, points(30, 30)))).kind).toBe('not_found');
		expect((await refusal(enterPaper(round.worker, one, points(20, 30)))).issues[0]?.code).toBe('score_comment_required_low');
		await enterPaper(round.worker, one, points(42, 30));
		expect((await refusal(checkPaper(round.worker, one))).code).toBe('paper_same_person');
		// The second reading counts where it is the same; where it is not, both are told.
		expect((await refusal(checkPaper(round.head, one, { content: 24, voice: 30 }))).issues).toEqual([
			{ path: 'scores.content', code: 'paper_differs', params: { label: expect.any(String), first: 42, second: 24 } }
		]);
		expect(await readPaper(round.head, one)).toMatchObject({ checkedBy: '' });
		await checkPaper(round.head, one, { content: 42, voice: 30 });
		expect(await readPaper(round.head, one)).toMatchObject({ keyedInBy: 'zhuanchang worker', checkedBy: 'zhuanchang head', scores: { content: 42, voice: 30 } });
		// What a judge does on a phone is nobody's to read or to overwrite at the desk.
		const begun = await card(judge(0), nth(1));
		expect((await readPaper(round.head, begun)).own).toBe(false);
	});

	test('revealing shows the group-weighted score and nothing before it', async () => {
		const { secret } = await linkScreen(round.head, id);
		session = { version: session.version + 1 };
		expect((await pitchScreen(secret)).now).toMatchObject({ shown: null, standing: [], current: { submitted: 5, of: 5 } });
		expect(JSON.stringify((await pitchToFollow(judge(1), id))?.now)).not.toMatch(/score":"/);
		await act('close', { proposal: nth(0) });
		const late = await refusal(castBallot(codes[3]?.code ?? '', { scores: { [nth(0)]: { content: 1, voice: 1 } } }, '10.1.1.1'));
		expect(late.issues[0]?.code).toBe('pitch_scoring_closed');
		await act('reveal', { proposal: nth(0) });
		// Experts 80 75 70 68 72 trimmed: 72.33…; the hall 100 and 80: 90. (7 × 217⁄3 + 3 × 90) ÷ 10 = 77.633…
		expect((await pitchScreen(secret)).now.shown).toMatchObject({ score: '77.63', rank: 1, groups: [{ label: '专家', n: 5 }, { label: '居民', n: 2, score: '90.00' }] });
		expect((await refusal(act('reveal', { proposal: nth(0) }))).code).toBe('pitch_revealed_already');
		const { secret: fresh } = await linkScreen(round.head, id);
		session = { version: session.version + 1 };
		expect((await refusal(pitchScreen(secret))).kind).toBe('not_found');
		expect((await pitchScreen(fresh)).now.standing).toHaveLength(1);
	});

	test('a recused judge is out before the trimming, and the final score adds the rounds up', async () => {
		await act('present', { proposal: nth(1) });
		await act('open');
		expect((await readBallot(codes[1]?.code ?? '', '10.1.1.1')).projects.map((project) => project.id)).toEqual([nth(1)]);
		for (let n = 0; n < 5; n += 1) await saveScorecard(judge(n), await card(judge(n), nth(1)), points(40 + n, 30));
		const [fifth] = (await judgingQueue(judge(4))).flatMap(({ items }) => items).filter(({ proposal, total }) => proposal === nth(1) && total === 74);
		await recuse(judge(4), fifth?.id ?? '', '是老同学');
		await act('close', { proposal: nth(1) });
		await act('reveal', { proposal: nth(1) });
		const { secret } = await linkScreen(round.head, id);
		session = { version: session.version + 1 };
		const shown = async () => (await pitchScreen(secret)).now.standing.find(({ proposal }) => proposal === nth(1));
		expect(await shown()).toMatchObject({ score: '71.50', n: 4 });
		// Known only after the reveal: the hall sees the score without it at once, and the console is not made stale.
		const [fourth] = (await judgingQueue(judge(3))).flatMap(({ items }) => items).filter(({ proposal, total }) => proposal === nth(1) && total === 73);
		await declareConflict(round.head, { judge: round.judges[3]?.id ?? '', proposal: nth(1), reason: '刚知道是亲戚' });
		expect(await shown()).toMatchObject({ score: '71.00', n: 3 });
		expect((await readScorecard(judge(3), fourth?.id ?? '')).card.status).toBe('recused');
		const [atFirst] = (await judgingQueue(judge(2))).flatMap(({ items }) => items).filter(({ proposal, total }) => proposal === nth(1) && total === 72);
		await recuse(judge(2), atFirst?.id ?? '', '也是亲戚');
		expect(await shown()).toMatchObject({ score: '70.50', n: 2 });
		const { rows } = await readWholeRanking(round.head, id);
		const row = rows.find(({ proposal }) => proposal === nth(1));
		const pitch = row?.rounds?.find(({ key }) => key === 'pitch');
		expect(pitch?.missingGroups).toEqual(['residents']);
		// 70 and 71 are left of 70 … 74: too few to trim, so the mean is used.
		expect(pitch).toMatchObject({ n: 2, score: 7050, appliedRule: 'mean' });
		const third = rows.find(({ proposal }) => proposal === nth(2));
		expect(third?.missingRounds).toEqual(['pitch']);
		expect((await refusal(advance(round.head, id, advanceSchema.parse({ by: 'top', round: 'pitch', n: 2, reason: '改一下' })))).code).toBe('advance_round_begun');
		expect((await refusal(act('end'))).code).toBe('pitch_is_next');
		await act('end', { reason: '第三个项目退出' });
		expect((await readRounds(round.head, id)).rounds[1]).toMatchObject({ proposals: 3, begun: true, codes: { used: 2, revoked: 1 } });
	});

	test('every act is in the chain', async () => {
		const { entries, faults } = await verifyAudit(`competition:${id}`);
		expect(faults).toEqual([]);
		expect(entries).toBeGreaterThan(30);
	});
});
