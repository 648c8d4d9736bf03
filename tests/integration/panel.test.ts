import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rankNotice } from '../../src/cli/commands/rank-notice.ts';
import { defaultSettings } from '#lib/server/modules/competitions/defaults.ts';
import { recusalAnswerSchema, recusalRequestSchema, scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { verifyAudit } from '#lib/server/modules/audit/index.ts';
import { transitionCompetition } from '#lib/server/modules/competitions/index.ts';
import {
	addJudge,
	answerRecusal,
	askForRecusal,
	assignOne,
	decideByRank,
	dropTrial,
	editJudge,
	judgingProgress,
	judgingQueue,
	judgingWork,
	listJudges,
	listRecusalRequests,
	nextToScore,
	ownRecusalRequests,
	publicResult,
	publishNotice,
	queueItems,
	readAssignment,
	readScorecard,
	readTrial,
	readWholeRanking,
	remind,
	resultFile,
	sampleFrom,
	saveScorecard,
	setTrial
} from '#lib/server/modules/judging/index.ts';
import { controlledClock } from '../factories/clock.ts';
import { inGroup, person, type User } from '../factories/competitions.ts';
import { makeRound, type JudgingRound } from '../factories/judging.ts';
import { refusal } from '../factories/refusal.ts';
import { openTestDatabase } from '../factories/store.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let clock: ReturnType<typeof controlledClock>;
let round: JudgingRound;
let id: string;
beforeAll(async () => {
	database = await openTestDatabase();
	clock = controlledClock();
	const rounds = defaultSettings(new Date()).rounds.map((one) => ({ ...one, rule: 'calibrated' as const, blind: true, reviews: 3 }));
	round = await makeRound(clock, 'tongchi', { proposals: 6, judges: 5, reviews: 3, given: { rounds } });
	id = round.competition.id;
});
afterAll(async () => {
	clock.close();
	await database.close();
});

const judge = (n: number): User => {
	const found = round.judges[n];
	if (!found) throw new Error('no such judge');
	return found.user;
};
const leaderOf = (n: number): User => person(`组长 ${n}`, inGroup('leader', round.organizations[n] ?? ''));
/** Marks that need no comment, `off` below 80 %. */
const marks = (off: number) => {
	const rubric = round.competition.rounds[0]?.rubric ?? [];
	return Object.fromEntries(rubric.map(({ key, points }, at) => [key, Math.max(Math.ceil(points * 0.6), Math.floor(points * 0.8) - (at < off ? 1 : 0))]));
};
const save = (status: 'draft' | 'submitted', off = 0, version = 0) => scorecardSaveSchema.parse({ scores: marks(off), status, version });
const queueOf = async (user: User) => {
	const group = (await judgingQueue(user)).find(({ competition }) => competition === id);
	if (!group) throw new Error('no queue');
	return group;
};

describe('the exercise all judges do first', () => {
	const sample = { title: '样本：楼道里的灯', text: '某小组想给三个楼道装灯。', required: true };

	test('is put in place by the organizer alone, and stands first in every queue', async () => {
		expect((await refusal(setTrial(judge(0), id, sample))).kind).toBe('forbidden');
		await setTrial(round.head, id, sample);
		const { trial, next } = await queueOf(judge(0));
		expect(trial).toMatchObject({ status: 'assigned', title: sample.title, required: true });
		expect(next).not.toBeNull();
	});

	test('keeps the real ones shut until it is done, and is itself a scorecard like any', async () => {
		const { trial, items } = await queueOf(judge(0));
		const real = items[0]?.id ?? '';
		expect((await refusal(saveScorecard(judge(0), real, save('draft')))).code).toBe('trial_first');
		expect((await readScorecard(judge(0), real)).refusal).toBe('trial_first');
		const card = trial?.id ?? '';
		expect(await readScorecard(judge(0), card)).toMatchObject({ trial: true, editable: true, spread: null, proposal: { title: sample.title, answers: { sample: sample.text } } });
		expect((await refusal(readScorecard(judge(1), card))).kind).toBe('not_found');
		expect((await refusal(saveScorecard(judge(1), card, save('draft')))).kind).toBe('not_found');
		expect((await refusal(saveScorecard(judge(0), card, scorecardSaveSchema.parse({ scores: { stranger: 3 }, version: 0 })))).kind).toBe('invalid');
		expect((await refusal(saveScorecard(judge(0), card, scorecardSaveSchema.parse({ scores: {}, status: 'submitted', version: 0 })))).kind).toBe('invalid');
		const first = { ...save('submitted', 1), client: 'tab', seq: 1 };
		const done = await saveScorecard(judge(0), card, first);
		// Sent again by a queue that did not hear the answer.
		expect(await saveScorecard(judge(0), card, first)).toEqual(done);
		expect((await refusal(saveScorecard(judge(0), card, save('draft', 2, done.version)))).code).toBe('score_locked');
		expect(await nextToScore(judge(0), card)).toBe((await queueOf(judge(0))).next);
		expect((await saveScorecard(judge(0), real, save('draft'))).status).toBe('draft');
	});

	test('shows how all have scored to whoever has, and names nobody', async () => {
		for (const n of [1, 2]) await saveScorecard(judge(n), (await queueOf(judge(n))).trial?.id ?? '', save('submitted', n * 2));
		const { spread } = await readScorecard(judge(0), (await queueOf(judge(0))).trial?.id ?? '');
		expect(spread?.totals).toEqual([76, 78, 79]);
		expect(spread?.own).toBe(79);
		const [need] = spread?.criteria ?? [];
		expect([need?.marks, need?.own]).toEqual([[15, 15, 15], 15]);
		expect(JSON.stringify(spread)).not.toContain('judge');
		expect((await readScorecard(judge(3), (await queueOf(judge(3))).trial?.id ?? '')).spread).toBeNull();
		const view = await readTrial(round.head, id);
		expect(view.judges.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'none', 'none']);
		expect(view.spread?.own).toBeNull();
		expect((await refusal(readTrial(judge(0), id))).kind).toBe('forbidden');
	});

	test('counts for nothing, and keeps its text once somebody has begun', async () => {
		expect((await judgingProgress(round.head, id)).total).toEqual({ assigned: 18, submitted: 0, recused: 0 });
		expect((await readWholeRanking(round.head, id)).head.scorecards).toBe(0);
		expect((await queueItems(judge(0), { limit: 50 })).items.map(({ title }) => title)).not.toContain(sample.title);
		expect((await refusal(setTrial(round.head, id, { ...sample, text: '换一份' }))).code).toBe('trial_begun');
		await setTrial(round.head, id, { ...sample, required: false });
		clock.moveTo(new Date(Date.now() + 49 * 3_600_000));
		expect((await refusal(sampleFrom(round.head, id, round.proposals[0] ?? ''))).kind).toBe('forbidden');
	});
});

describe('a blind round', () => {
	test('tells its judges neither the group nor its files, in the queue, on the card and by the API’s list', async () => {
		const { items } = await queueOf(judge(0));
		const page = await readScorecard(judge(0), items[0]?.id ?? '');
		expect(page).toMatchObject({ blind: true, proposal: { organization: '', organizationName: '', attachments: [] } });
		for (const seen of [items, page, (await queueItems(judge(0), { limit: 50 })).items]) expect(JSON.stringify(seen)).not.toMatch(/tongchi\s*互助队/);
		for (const organization of round.organizations) expect(JSON.stringify([items, page])).not.toContain(organization);
	});
});

describe('reminding', () => {
	test('reaches who is behind, once a day, and is seen at home with what is open and until when', async () => {
		expect((await refusal(remind(judge(0), id, { judge: 'all', text: '' }))).kind).toBe('forbidden');
		const one = round.judges[3]?.id ?? '';
		expect(await remind(round.head, id, { judge: one, text: '周五前评完' })).toEqual({ reminded: 1, already: 0 });
		expect(await remind(round.head, id, { judge: 'all', text: '' })).toEqual({ reminded: 4, already: 1 });
		expect(await remind(round.worker, id, { judge: 'all', text: '' })).toEqual({ reminded: 0, already: 5 });
		const [item] = await judgingWork(judge(3));
		expect(item).toMatchObject({ code: 'judging_reminded', urgency: 1, params: { name: round.head.name } });
		expect(item?.count).toBe((await queueOf(judge(3))).open);
		expect((await judgingProgress(round.head, id)).judges.every(({ remindedAt }) => remindedAt !== null)).toBe(true);
		expect((await refusal(remind(round.head, id, { judge: '0123456789abcdef01234567', text: '' }))).kind).toBe('not_found');
		clock.moveTo(new Date(Date.now() + 74 * 3_600_000));
		expect((await remind(round.head, id, { judge: one, text: '' })).reminded).toBe(1);
	});
});

describe('a group that asks for a recusal', () => {
	const ask = (who: User, n: number, name: string) => askForRecusal(who, round.proposals[n] ?? '', recusalRequestSchema.parse({ person: name, reason: '两家有官司' }));
	const answer = async (outcome: 'accepted' | 'declined', name: string, words = '') => {
		const request = (await listRecusalRequests(round.head, id)).find((one) => one.person === name);
		return answerRecusal(round.head, id, recusalAnswerSchema.parse({ request: request?.id, outcome, answer: words }));
	};

	test('learns the same whether or not the person judges', async () => {
		const seated = (await readAssignment(round.head, id)).pairs.find(({ proposal, status }) => proposal === round.proposals[0] && status === 'assigned');
		const name = (await listJudges(round.head, id)).find((one) => one.id === seated?.judge)?.name ?? '';
		expect((await refusal(ask(leaderOf(1), 0, name))).kind).toBe('not_found');
		expect((await refusal(ask(judge(0), 0, name))).kind).toBe('not_found');
		await ask(leaderOf(0), 0, ` ${name} 老师`);
		await ask(leaderOf(0), 0, '不相干的人');
		expect((await refusal(ask(leaderOf(0), 0, name))).kind).toBe('invalid');
		expect((await listRecusalRequests(round.head, id)).map(({ person: asked, judges }) => [asked, judges])).toEqual([
			['不相干的人', []],
			[`${name} 老师`, [name]]
		]);
		expect((await refusal(listRecusalRequests(judge(0), id))).kind).toBe('forbidden');
		const work = await judgingWork(round.head);
		expect(work.find(({ code }) => code === 'judging_recusal_requests')?.count).toBe(2);

		expect(await answer('accepted', `${name} 老师`)).toEqual({ judges: 1, missing: 0 });
		expect(await answer('accepted', '不相干的人')).toEqual({ judges: 0, missing: 0 });
		const { requests } = await ownRecusalRequests(leaderOf(0), round.proposals[0] ?? '');
		const [one, other] = requests.map(({ id: _id, person: _person, at: _at, answeredAt: _answered, ...rest }) => rest);
		expect(one).toEqual(other);

		const after = (await readAssignment(round.head, id)).pairs.filter(({ proposal, status }) => proposal === round.proposals[0] && status !== 'recused');
		expect(after).toHaveLength(3);
		expect(after.map((pair) => pair.judge)).not.toContain(seated?.judge);
		const again = await refusal(assignOne(round.head, { judge: seated?.judge ?? '', proposal: round.proposals[0] ?? '' }));
		expect(again).toMatchObject({ code: 'judge_conflict', current: { kinds: ['declared'], reason: '两家有官司' } });
		expect((await refusal(assignOne(round.head, { judge: seated?.judge ?? '', proposal: round.proposals[1] ?? '' }, '0'.repeat(24)))).kind).toBe('not_found');
	});

	test('is promised the same of judges taken on later, and gets a reason when declined', async () => {
		const { id: late } = await addJudge(round.head, id, { name: '不相干的人', login: '', phone: '', email: '', employer: '', expertise: [], cap: null, group: 'experts' });
		expect((await refusal(assignOne(round.head, { judge: late, proposal: round.proposals[0] ?? '' }))).code).toBe('judge_conflict');
		await ask(leaderOf(1), 1, '某人');
		expect(recusalAnswerSchema.safeParse({ request: '0'.repeat(24), outcome: 'declined', answer: '' }).success).toBe(false);
		await answer('declined', '某人', '理由不涉及利害关系');
		expect((await refusal(answer('accepted', '某人'))).code).toBe('recusal_answered');
		expect((await ownRecusalRequests(leaderOf(1), round.proposals[1] ?? '')).requests).toMatchObject([{ status: 'declined', answer: '理由不涉及利害关系' }]);
	});
});

describe('a judge’s cap and group', () => {
	test('may change until something is submitted, and not below what is given', async () => {
		const one = round.judges[4]?.id ?? '';
		const [card] = (await queueOf(judge(4))).items.filter(({ status }) => status === 'assigned');
		const { open } = await queueOf(judge(4));
		expect((await refusal(editJudge(judge(4), { judge: one, group: 'experts', cap: null }))).kind).toBe('forbidden');
		expect((await refusal(editJudge(round.head, { judge: one, group: 'experts', cap: open - 1 }))).issues?.[0]?.code).toBe('judge_cap_below');
		expect((await refusal(editJudge(round.head, { judge: one, group: 'nobody', cap: null }))).issues?.[0]?.path).toBe('group');
		await editJudge(round.head, { judge: one, group: 'experts', cap: open });
		expect((await listJudges(round.head, id)).find((row) => row.id === one)?.cap).toBe(open);
		await saveScorecard(judge(4), card?.id ?? '', save('submitted', 1));
		expect((await refusal(editJudge(round.head, { judge: one, group: 'experts', cap: null }))).code).toBe('judge_fixed');
	});
});

describe('a call whose rule is the calibrated score', () => {
	test('ranks by it, says so in its notice, and the public file gives the same ranking', async () => {
		await dropTrial(round.head, id);
		for (const [n, { user }] of round.judges.entries())
			for (const card of (await queueOf(user)).items.filter(({ status }) => status === 'assigned' || status === 'draft')) {
				const p = round.proposals.indexOf(card.proposal);
				const { version } = (await readScorecard(user, card.id)).card;
				await saveScorecard(user, card.id, save('submitted', Math.min(7, (n % 3) * 2 + (p % 4)), version));
			}
		const { head, rows } = await readWholeRanking(round.head, id);
		expect(head.uncalibrated).toEqual([]);
		expect(rows.map(({ appliedRule }) => appliedRule)).toEqual(rows.map(() => 'calibrated'));
		expect(rows.some(({ cards }) => cards.some(({ dropped }) => dropped))).toBe(false);
		await transitionCompetition(round.head, id, { to: 'deliberation', reason: '' });
		await decideByRank(round.head, id);
		await publishNotice(round.head, id);
		expect((await publicResult('tongchi')).calibrated).toMatchObject([{ uncalibrated: [] }]);
		const { text, digest } = await resultFile('tongchi');
		const again = rankNotice('notice.json', new TextEncoder().encode(text));
		if (process.env.KEEP_NOTICE) writeFileSync(process.env.KEEP_NOTICE, text);
		expect(again.differences).toEqual([]);
		expect(again.digest).toBe(digest);
		expect(again.uncalibrated).toEqual([]);
		const forged = JSON.parse(text) as { scores: { total: number }[] };
		for (const one of forged.scores.slice(0, 1)) one.total += 900;
		expect(rankNotice('notice.json', new TextEncoder().encode(JSON.stringify(forged))).differences).not.toEqual([]);
	});

	test('leaves an unbroken chain', async () => {
		expect((await verifyAudit()).faults).toEqual([]);
	});
});
