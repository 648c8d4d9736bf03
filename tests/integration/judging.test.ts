import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newJudgeSchema, scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { canonicalJson, verifyAudit } from '#lib/server/modules/audit/index.ts';
import { transitionBlockers, transitionCompetition } from '#lib/server/modules/competitions/index.ts';
import {
	addJudge,
	assign,
	assignOne,
	decide,
	decideByRank,
	declareConflict,
	groupResult,
	judgingProgress,
	judgingQueue,
	listJudges,
	nextToScore,
	ownAppointments,
	publicResult,
	publishNotice,
	readAppointment,
	readRanking,
	readScorecard,
	readWholeRanking,
	recuse,
	reopenScorecard,
	resultCsv,
	resultFile,
	saveScorecard,
	withdrawConflict,
	type QueueItem
} from '#lib/server/modules/judging/index.ts';
import { createProposal, markSeen, proposalWork, releaseScreening, screenProposal, submitProposal } from '#lib/server/modules/proposals/index.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { controlledClock } from '../factories/clock.ts';
import { atStation, completeDraft, inGroup, makeGroup, makeOpenCompetition, makeStations, person, system, type User } from '../factories/competitions.ts';
import { account, makeRound, refreshed, type JudgingRound } from '../factories/judging.ts';
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

/** The default rubric: 20, 20, 15, 15, 15, 10 and 5 points. All marks here lie between 60 % and 90 %. */
const marks = { need: 15, feasibility: 15, participation: 12, outcomes: 12, budget: 12, team: 8, sustainability: 4 };
const save = (input: Record<string, unknown>) => scorecardSaveSchema.parse(input);
const cardsOf = async (user: User): Promise<QueueItem[]> => (await judgingQueue(user)).flatMap((group) => group.items);
const cardOf = async (user: User, proposal: string): Promise<QueueItem> => {
	const card = (await cardsOf(user)).find((one) => one.proposal === proposal);
	if (!card) throw new Error('no such card');
	return card;
};
const at = (round: JudgingRound, n: number) => {
	const judge = round.judges[n];
	const proposal = round.proposals[n];
	if (!judge) throw new Error('no such judge');
	return { ...judge, proposal: proposal ?? '' };
};
/** Submits a card whose `need` is so many points; the rest is the same on every card. */
const submit = async (user: User, proposal: string, need: number): Promise<string> => {
	const { id } = await cardOf(user, proposal);
	const { card } = await readScorecard(user, id);
	const comments = need < 12 || need > 18 ? { need: '见申报书' } : {};
	await saveScorecard(user, id, save({ scores: { ...marks, need }, comments, status: 'submitted', version: card.version }));
	return id;
};

describe('a scorecard', () => {
	let round: JudgingRound;
	let judge: User;
	let card: QueueItem;
	const fresh = async () => (await readScorecard(judge, card.id)).card;
	beforeAll(async () => {
		round = await makeRound(clock, 'cards', { proposals: 2, judges: 3, reviews: 3 });
		judge = at(round, 0).user;
		[card] = (await cardsOf(judge)) as [QueueItem];
	});

	test('is dealt to every judge of a small panel, with what the queue shows', async () => {
		expect(await cardsOf(judge)).toHaveLength(2);
		expect(card).toMatchObject({ status: 'assigned', filled: 0, total: null });
		expect(card.number).toMatch(/^cards-00[12]$/);
		expect(card.organization).toContain('互助队');
	});

	test('is nobody else’s: other judges, organizers and strangers do not even find it', async () => {
		for (const other of [at(round, 1).user, round.head, round.worker]) {
			expect((await refusal(readScorecard(other, card.id))).kind).toBe('not_found');
			expect((await refusal(saveScorecard(other, card.id, save({ version: 0 })))).kind).toBe('not_found');
			expect((await refusal(recuse(other, card.id, 'x'))).kind).toBe('not_found');
			expect((await refusal(nextToScore(other, card.id))).kind).toBe('not_found');
		}
	});

	test('refuses what the rubric does not have, field by field', async () => {
		const faults = async (scores: Record<string, number>, comments = {}) =>
			(await refusal(saveScorecard(judge, card.id, save({ scores, comments, version: 0 })))).issues.map(({ path, code }) => [path, code]);
		expect(await faults({ charm: 3 })).toEqual([['scores.charm', 'score_unknown_criterion']]);
		expect(await faults({ need: 21 })).toEqual([['scores.need', 'score_above_maximum']]);
		expect(await faults({ need: 12.5 })).toEqual([['scores.need', 'score_off_step']]);
		expect(await faults({ need: -1 })).toEqual([['scores.need', 'score_below_zero']]);
		expect(await faults({}, { charm: 'x' })).toEqual([['comments.charm', 'score_unknown_criterion']]);
		expect((await fresh()).version).toBe(0);
	});

	test('keeps a draft, and a save sent twice is one', async () => {
		const draft = save({ scores: { need: 15, team: null }, overall: '想法好', version: 0, client: 'tab', seq: 1 });
		const first = await saveScorecard(judge, card.id, draft);
		expect(first).toMatchObject({ status: 'draft', version: 1, scores: { need: 15 }, filled: 1, total: null });
		expect(await saveScorecard(judge, card.id, draft)).toMatchObject({ version: 1 });
		// Without a tab's name the content tells.
		expect(await saveScorecard(judge, card.id, save({ scores: { need: 15 }, overall: '想法好', version: 0 }))).toMatchObject({ version: 1 });
	});

	test('lets a tab go on from its own saves though an answer was lost', async () => {
		const later = save({ scores: { need: 16 }, version: 0, client: 'tab', seq: 2 });
		expect(await saveScorecard(judge, card.id, later)).toMatchObject({ version: 2, scores: { need: 16 } });
		// The first save arrives once more, late: nothing is undone.
		await saveScorecard(judge, card.id, save({ scores: { need: 15 }, overall: '想法好', version: 0, client: 'tab', seq: 1 }));
		expect((await fresh()).scores).toEqual({ need: 16 });
	});

	test('answers a second device with the present state instead of overwriting', async () => {
		const error = await refusal(saveScorecard(judge, card.id, save({ scores: { need: 3 }, version: 1, client: 'other', seq: 1 })));
		expect(error).toMatchObject({ kind: 'conflict', code: 'stale', current: { version: 2, scores: { need: 16 } } });
	});

	test('two saves at once: one wins, the other is told', async () => {
		const results = await Promise.allSettled(
			[14, 13].map((need) => saveScorecard(judge, card.id, save({ scores: { need }, version: 2, client: `c${need}`, seq: 1 })))
		);
		expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
		expect((await fresh()).version).toBe(3);
	});

	test('is submitted only when complete, and says which criterion lacks what', async () => {
		const { version } = await fresh();
		const { sustainability: _left, ...six } = marks;
		const missing = await refusal(saveScorecard(judge, card.id, save({ scores: six, status: 'submitted', version })));
		expect(missing.issues).toEqual([{ path: 'scores.sustainability', code: 'score_missing', params: { label: '创新可持续' } }]);
		const low = await refusal(saveScorecard(judge, card.id, save({ scores: { ...marks, need: 11 }, status: 'submitted', version })));
		expect(low.issues).toMatchObject([{ path: 'comments.need', code: 'score_comment_required_low', params: { label: '需求真实' } }]);
	});

	test('is locked once submitted; the submission sent again is the same submission', async () => {
		const { version } = await fresh();
		const submission = save({ scores: marks, status: 'submitted', version });
		expect(await saveScorecard(judge, card.id, submission)).toMatchObject({ status: 'submitted', total: 78 });
		expect(await saveScorecard(judge, card.id, submission)).toMatchObject({ status: 'submitted', version: version + 1 });
		const change = await refusal(saveScorecard(judge, card.id, save({ scores: { ...marks, need: 16 }, version: version + 1 })));
		expect(change).toMatchObject({ kind: 'conflict', code: 'score_locked', current: { status: 'submitted', total: 78 } });
	});

	test('is opened again by the organizer only, with a reason in the log', async () => {
		expect((await refusal(reopenScorecard(judge, card.id, '想改'))).kind).toBe('not_found');
		await reopenScorecard(round.worker, card.id, '评委来电更正');
		expect(await fresh()).toMatchObject({ status: 'draft', scores: marks, reopened: [{ reason: '评委来电更正' }] });
		await submit(judge, card.proposal, 16);
	});

	test('goes on to the next one until all is done', async () => {
		const other = (await cardsOf(judge)).find((one) => one.id !== card.id);
		expect(await nextToScore(judge, card.id)).toBe(other?.id);
		await submit(judge, other?.proposal ?? '', 15);
		expect(await nextToScore(judge, card.id)).toBeNull();
	});

	test('progress counts without scores', async () => {
		const progress = await judgingProgress(round.worker, round.competition.id);
		expect(progress.total).toEqual({ assigned: 6, submitted: 2, recused: 0 });
		expect(JSON.stringify(progress)).not.toMatch(/"total":7|"scores"|"score"/);
		expect((await refusal(judgingProgress(judge, round.competition.id))).kind).toBe('forbidden');
	});

	test('no judge sees a ranking before the round is closed, not even one who also works at the station', async () => {
		expect((await refusal(readRanking(judge, round.competition.id))).kind).toBe('forbidden');
		const both: User = { ...judge, grants: [...judge.grants, atStation('worker', round.street)] };
		expect((await refusal(readRanking(both, round.competition.id))).code).toBe('rank_hidden_from_judges');
		expect((await readRanking(round.worker, round.competition.id)).head.scorecards).toBe(2);
	});

	test('nothing is saved after the round has closed, whatever was cached', async () => {
		const { user } = at(round, 1);
		const open = (await cardsOf(user))[0] as QueueItem;
		await saveScorecard(user, open.id, save({ scores: { need: 12 }, version: 0 }));
		const blocked = await refusal(transitionCompetition(round.head, round.competition.id, { to: 'deliberation', reason: '' }));
		expect(blocked.issues).toMatchObject([{ code: 'score_still_open', params: { n: 4 } }]);
		await transitionCompetition(round.head, round.competition.id, { to: 'deliberation', reason: '两位评委失联，现有评分够用' });
		const late = await refusal(saveScorecard(user, open.id, save({ scores: { need: 13 }, version: 1 })));
		expect(late).toMatchObject({ code: 'score_round_closed', current: { scores: { need: 12 } } });
		expect((await refusal(reopenScorecard(round.worker, card.id, 'x'))).code).toBe('score_round_closed');
		expect((await refusal(recuse(judge, card.id, 'x'))).code).toBe('score_round_closed');
	});
});

describe('judges and their assignment', () => {
	let round: JudgingRound;
	beforeAll(async () => {
		round = await makeRound(clock, 'panel', { proposals: 4, judges: 4, reviews: 2 });
	});

	test('loads are even and a second run adds nothing', async () => {
		const judges = await listJudges(round.worker, round.competition.id);
		expect(judges.map((judge) => judge.assigned)).toEqual([2, 2, 2, 2]);
		const again = await assign(round.head, round.competition.id, { reviews: 2, seed: 'other', redeal: false });
		expect(again).toMatchObject({ added: 0, removed: 0, unfilled: [] });
	});

	test('dealing anew moves only what nobody has started', async () => {
		const { user } = at(round, 0);
		const started = (await cardsOf(user))[0] as QueueItem;
		await saveScorecard(user, started.id, save({ scores: { need: 12 }, version: 0 }));
		await assign(round.head, round.competition.id, { reviews: 2, seed: 'third', redeal: true });
		expect(await readScorecard(user, started.id)).toMatchObject({ card: { scores: { need: 12 } } });
		const judges = await listJudges(round.worker, round.competition.id);
		expect(judges.reduce((sum, judge) => sum + judge.assigned, 0)).toBe(8);
	});

	test('two runs at once deal every proposal its reviews and no more', async () => {
		const request = { reviews: 3, seed: 'x', redeal: false };
		const runs = await Promise.allSettled([1, 2, 3].map(() => assign(round.head, round.competition.id, request)));
		expect(runs.some((run) => run.status === 'fulfilled')).toBe(true);
		const { proposals } = await judgingProgress(round.worker, round.competition.id);
		expect(proposals.map((proposal) => proposal.assigned)).toEqual([3, 3, 3, 3]);
	});

	test('a declared conflict takes the pair apart for good and asks for another judge', async () => {
		const { id, user } = at(round, 1);
		const [card] = (await cardsOf(user)) as [QueueItem];
		await declareConflict(round.worker, { judge: id, proposal: card.proposal, reason: '同住一个单元' });
		expect((await cardsOf(user)).some((one) => one.proposal === card.proposal)).toBe(false);
		expect((await refusal(assignOne(round.worker, { judge: id, proposal: card.proposal }))).code).toBe('judge_conflict');
		const refilled = await assign(round.head, round.competition.id, { reviews: 3, seed: 'x', redeal: false });
		expect(refilled.assignments.some((pair) => pair.judge === id && pair.proposal === card.proposal)).toBe(false);
		expect(refilled.added).toBe(1);
	});

	test('a judge finds again what they declared, with what became of their scores, and may not take it back by then', async () => {
		const { user } = at(round, 2);
		const { competition } = round;
		const [scored, untouched] = (await cardsOf(user)) as [QueueItem, QueueItem];
		await submit(user, scored.proposal, 15);
		const before = await readAppointment(user, competition.id);
		const own = (await cardsOf(user)).length;
		expect(before.proposals.slice(0, own).every(({ card }) => card !== null)).toBe(true);
		expect(before.proposals.find(({ id }) => id === scored.proposal)?.card).toBe('submitted');
		const judge = before.judge?.id ?? '';
		await declareConflict(user, { judge, proposal: scored.proposal, reason: '负责人是我表妹' });
		await declareConflict(user, { judge, proposal: untouched.proposal, reason: '参与过' });
		const after = await readAppointment(user, competition.id);
		expect(after.judge?.declared.map(({ proposal, reason, scored: marks }) => [proposal, reason, marks])).toEqual([
			[scored.proposal, '负责人是我表妹', true],
			[untouched.proposal, '参与过', false]
		]);
		expect(after.proposals.some(({ id }) => id === scored.proposal || id === untouched.proposal)).toBe(false);
		expect((await cardOf(user, scored.proposal)).status).toBe('recused');
		expect((await cardsOf(user)).some(({ proposal }) => proposal === untouched.proposal)).toBe(false);
		expect(after.liftable).toBe(false);
		expect((await refusal(withdrawConflict(user, competition.id, { proposal: scored.proposal }))).code).toBe('conflict_lift_late');
		expect((await refusal(withdrawConflict(round.head, competition.id, { proposal: scored.proposal }))).kind).toBe('not_found');
		expect((await ownAppointments(user)).map(({ competition: id }) => id)).toEqual([competition.id]);
		expect(await ownAppointments(round.head)).toEqual([]);
	});

	test('before anything is scored a judge takes back what was declared by mistake; what others know stays', async () => {
		const start = new Date();
		clock.moveTo(start);
		const { street } = await makeStations('fanhui');
		const head = person('fanhui head', atStation('head', street));
		const call = await makeOpenCompetition(head, street, 'fanhui', {}, start);
		const group = await makeGroup(street, 'fanhui 互助队');
		const { id } = await createProposal(system, call.id, { ...completeDraft('楼道花园'), organization: group.id });
		await submitProposal(system, id, { reason: '' });
		clock.moveTo(new Date(start.getTime() + 49 * 3_600_000));
		const checklist = Object.fromEntries(call.screeningChecklist.map(({ key }) => [key, true]));
		await screenProposal(head, id, { outcome: 'pass', checklist, reason: '', correctionDays: 3 });
		const { id: judge } = await addJudge(head, call.id, newJudgeSchema.parse({ login: (await account('fanhui.judge')).name }));
		const [facts] = await listJudges(head, call.id);
		const user = await refreshed({ kind: 'user', id: facts?.user ?? '', name: 'fanhui.judge', grants: [] });
		expect((await readAppointment(user, call.id)).proposals).toEqual([]);
		await releaseScreening(head, call.id);
		await declareConflict(user, { judge, proposal: id, reason: '以为是我们楼' });
		await declareConflict(head, { judge, proposal: id, reason: '同一家单位' });
		expect(await readAppointment(user, call.id)).toMatchObject({ liftable: true, proposals: [], judge: { declared: [{ proposal: id, reason: '以为是我们楼' }] } });
		await withdrawConflict(user, call.id, { proposal: id });
		expect(await readAppointment(user, call.id)).toMatchObject({ judge: { declared: [] }, proposals: [{ id, card: null }] });
		expect((await listJudges(head, call.id))[0]?.declared.map(({ reason }) => reason)).toEqual(['同一家单位']);
	});

	test('finds a conflict in the records: an employee of the applicants’ own station', async () => {
		const insider = await account('panel.insider', { grants: [atStation('worker', round.street)] });
		const { detectedConflicts } = await import('#lib/server/modules/judging/index.ts');
		const { id } = await addJudge(round.head, round.competition.id, newJudgeSchema.parse({ login: 'panel.insider' }));
		const found = (await detectedConflicts(round.worker, round.competition.id)).filter((one) => one.judge === id);
		expect(found).toHaveLength(4);
		expect(found[0]?.kinds).toEqual(['station_staff']);
		expect((await refusal(assignOne(round.worker, { judge: id, proposal: round.proposals[0] ?? '' }))).code).toBe('judge_conflict');
		expect((await refreshed(insider)).grants).toContainEqual({ role: 'judge', scopeKind: 'competition', scopeId: round.competition.id });
	});

	test('strangers may neither look nor deal', async () => {
		const stranger = person('stranger');
		expect((await refusal(assign(stranger, round.competition.id, { seed: '', redeal: false }))).kind).toBe('forbidden');
		expect((await refusal(listJudges(stranger, round.competition.id))).kind).toBe('forbidden');
	});
});

describe('from scores to a published result', () => {
	let round: JudgingRound;
	const scoresOf = async () =>
		(await readWholeRanking(round.worker, round.competition.id)).rows.map(({ proposal, rank, score, appliedRule }) => ({
			proposal,
			rank,
			score,
			appliedRule
		}));
	beforeAll(async () => {
		// Every proposal asks for 2,000 yuan; the fund covers two.
		round = await makeRound(clock, 'final', { proposals: 3, judges: 6, reviews: 6, given: { fund: 450_000 } });
	});

	test('ranks by the trimmed mean of what is submitted', async () => {
		const [first, second, third] = round.proposals as [string, string, string];
		for (const [n, need] of [12, 13, 14, 15, 16, 18].entries()) {
			const { user } = at(round, n);
			await submit(user, first, need);
			await submit(user, second, need - 1 < 12 ? 12 : need - 1);
			await submit(user, third, 12);
		}
		// Total without `need` is 63. First: 13, 14, 15, 16 stay of six.
		expect(await scoresOf()).toEqual([
			{ proposal: first, rank: 1, score: 7750, appliedRule: 'trimmed' },
			{ proposal: second, rank: 2, score: 7650, appliedRule: 'trimmed' },
			{ proposal: third, rank: 3, score: 7500, appliedRule: 'trimmed' }
		]);
	});

	test('a recused judge is out before trimming', async () => {
		const [first] = round.proposals as [string];
		const { user } = at(round, 5);
		const card = await cardOf(user, first);
		await recuse(user, card.id, '刚想起是亲戚');
		expect(await recuse(user, card.id, '再点一次')).toMatchObject({ status: 'recused', recusal: { reason: '刚想起是亲戚' } });
		// 12 … 16 remain: 13, 14, 15 after trimming. Trimming first would have left 13 … 16.
		expect((await scoresOf())[0]).toMatchObject({ proposal: first, score: 7700 });
		const late = await refusal(saveScorecard(user, card.id, save({ scores: marks, status: 'submitted', version: 99 })));
		expect(late.code).toBe('score_recused');
	});

	test('says where trimming fell back to the mean', async () => {
		const [first] = round.proposals as [string];
		const { user } = at(round, 4);
		await recuse(user, (await cardOf(user, first)).id, '也是亲戚');
		expect((await scoresOf()).find((row) => row.proposal === first)).toMatchObject({ score: 7650, appliedRule: 'mean' });
		expect((await readRanking(round.worker, round.competition.id)).head.fellBack).toBe(1);
	});

	test('breaks the tie that has come about by the declared criteria', async () => {
		const rows = (await readWholeRanking(round.worker, round.competition.id)).rows;
		// Both at 76.50; the mean of `need` over all cards decides: 13.50 against 13.83.
		expect(rows.slice(0, 2).map((row) => [row.proposal, row.score, row.tie])).toEqual([
			[round.proposals[1], 7650, 'criterion:need'],
			[round.proposals[0], 7650, 'criterion:need']
		]);
		expect(rows.map((row) => row.line)).toEqual(['inside', 'inside', 'straddling']);
	});

	test('nobody decides before deliberation, and only the head does', async () => {
		const awards = { awards: [], rest: 'decline' as const };
		expect((await refusal(decide(round.head, round.competition.id, awards))).code).toBe('decide_not_now');
		await transitionCompetition(round.head, round.competition.id, { to: 'deliberation', reason: '' });
		expect((await refusal(decide(round.worker, round.competition.id, awards))).kind).toBe('forbidden');
	});

	test('two decisions at once never pass the fund', async () => {
		const award = (proposal: string, amount: number) => ({ proposal, outcome: 'fund' as const, amount, reason: 'x' });
		const attempts = round.proposals.flatMap((proposal) => [1, 2].map(() => proposal));
		const results = await Promise.allSettled(
			attempts.map((proposal) => decide(round.head, round.competition.id, { awards: [award(proposal, 200_000)], rest: 'keep' }))
		);
		const refused = results.filter((result) => result.status === 'rejected').map((result) => (result.reason as { code: string }).code);
		expect(refused).not.toHaveLength(0);
		expect(new Set(refused)).toEqual(new Set(['decide_above_fund']));
		const after = await decide(round.head, round.competition.id, { awards: [], rest: 'keep' });
		expect(after.total).toBe(400_000);
		expect(Object.values(after.rows).filter((row) => row.outcome === 'fund')).toHaveLength(2);
	});

	test('refuses more than was asked for, strangers’ proposals and old versions', async () => {
		const [first] = round.proposals as [string];
		const fund = (proposal: string, amount: number, version?: number) =>
			decide(round.head, round.competition.id, { awards: [{ proposal, outcome: 'fund', amount, reason: '' }], rest: 'keep', version });
		expect((await refusal(fund(first, 200_001))).issues).toMatchObject([{ path: 'awards[0].amount', code: 'decide_above_request' }]);
		expect((await refusal(fund(round.organizations[0] ?? '', 1))).issues).toMatchObject([{ code: 'decide_unknown' }]);
		expect((await refusal(fund(first, 1, 1))).code).toBe('stale');
	});

	test('a decision against the ranking needs reasons before it is published', async () => {
		const [first, second, third] = round.proposals as [string, string, string];
		await decide(round.head, round.competition.id, {
			awards: [
				{ proposal: first, outcome: 'decline', amount: 0, reason: '' },
				{ proposal: second, outcome: 'fund', amount: 200_000, reason: '' },
				{ proposal: third, outcome: 'fund', amount: 200_000, reason: '' }
			],
			rest: 'decline'
		});
		expect(await transitionBlockers(round.head, round.competition.id, 'notice')).toMatchObject([
			{ code: 'decide_reasons_missing', params: { n: 2 } }
		]);
		const decided = await decideByRank(round.head, round.competition.id);
		expect(decided.total).toBe(400_000);
		expect(await transitionBlockers(round.head, round.competition.id, 'notice')).toEqual([]);
	});

	test('the notice is public, carries a digest over what can be downloaded, and names no judge', async () => {
		expect((await refusal(publishNotice(round.worker, round.competition.id))).kind).toBe('forbidden');
		const notice = await publishNotice(round.head, round.competition.id);
		expect(await publishNotice(round.head, round.competition.id)).toMatchObject({ id: notice.id, n: 1 });
		const result = await publicResult('final');
		expect(result).toMatchObject({ n: 1, total: 400_000, digest: notice.digest });
		expect(result.rows.map((row) => [row.rank, row.outcome, row.amount])).toEqual([
			[1, 'fund', 200_000],
			[2, 'fund', 200_000],
			[3, 'reserve', 0]
		]);
		const file = await resultFile('final');
		expect(sha256(file.text)).toBe(result.digest);
		expect(canonicalJson(JSON.parse(file.text))).toBe(file.text);
		for (const { id, user } of round.judges) expect(file.text).not.toMatch(new RegExp(`${id}|${user.id}|${user.name}`));
		const csv = (await resultCsv('final')).trim().split('\n');
		expect(csv[0]).toBe('proposal,judge,score');
		expect(csv).toHaveLength(1 + 16);
	});

	test('a group reads its own result with the judges’ words and no names; nobody else does', async () => {
		const [first = ''] = round.proposals as [string];
		const row = (await publicResult('final')).rows.find(({ proposal }) => proposal === first);
		const leader = person('队长', inGroup('leader', row?.organization ?? ''));
		const own = await groupResult(leader, first);
		expect(own).toMatchObject({ n: 1, rank: row?.rank, score: row?.score, of: 3, outcome: row?.outcome, amount: row?.amount, mayObject: true });
		expect(own?.rounds.map(({ cards }) => cards)).toEqual([row?.n]);
		expect(own?.rounds[0]?.criteria.find(({ key }) => key === 'team')).toMatchObject({ points: 10, mean: 800 });
		for (const { id, user } of round.judges) expect(JSON.stringify(own)).not.toMatch(new RegExp(`${id}|${user.id}|${user.name}`));
		const rival = person('别的队长', inGroup('leader', round.organizations.find((id) => id !== row?.organization) ?? ''));
		expect((await refusal(groupResult(rival, first))).kind).toBe('not_found');
		expect((await proposalWork(leader)).map(({ code }) => code)).toContain('prop_result');
		await markSeen(leader, first);
		expect((await proposalWork(leader)).map(({ code }) => code)).not.toContain('prop_result');
	});

	test('after publication nothing is decided any more, and the award is in the group’s history once', async () => {
		expect((await refusal(decideByRank(round.head, round.competition.id))).code).toBe('decide_not_now');
		const { organizationTimeline } = await import('#lib/server/modules/organizations/index.ts');
		const winner = (await publicResult('final')).rows[0]?.organization ?? '';
		const { items } = await organizationTimeline(round.head, winner, { limit: 50 });
		expect(items.filter((event) => JSON.stringify(event).includes('award_published'))).toHaveLength(1);
	});

	test('the notice runs its working days before anything is final', async () => {
		const early = await refusal(transitionCompetition(round.head, round.competition.id, { to: 'decided', reason: '' }));
		expect(early.issues).toMatchObject([{ code: 'result_notice_running' }]);
		clock.moveTo(new Date(Date.now() + 15 * 86_400_000));
		expect(await transitionCompetition(round.head, round.competition.id, { to: 'decided', reason: '' })).toMatchObject({ state: 'decided' });
	});

	test('every step is in an unbroken chain', async () => {
		expect((await verifyAudit()).faults).toEqual([]);
	});
});
