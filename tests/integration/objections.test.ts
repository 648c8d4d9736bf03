import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { objectionSchema } from '#lib/domain/objections/schema.ts';
import { calendarPeriodSchema, daysOfPeriod } from '#lib/domain/stations/calendar.ts';
import { recentActs, verifyAudit } from '#lib/server/modules/audit/index.ts';
import { Audit } from '#lib/server/modules/audit/model.ts';
import { transitionCompetition } from '#lib/server/modules/competitions/index.ts';
import {
	addNote,
	answerObjection,
	conveneCommittee,
	correctAfterObjection,
	decide,
	decideByRank,
	decideBySet,
	fileObjection,
	judgingQueue,
	judgingWork,
	listObjections,
	lookUpObjection,
	noticeToObjectTo,
	openEvidence,
	ownSeals,
	proposalScorecards,
	publicObjections,
	publicResult,
	publishNotice,
	readDecision,
	readObjection,
	readRanking,
	readRoom,
	readScorecard,
	readWholeRanking,
	recomputeNoticeEnd,
	recordStatement,
	resultFile,
	saveScorecard,
	suggestAwardSet,
	trackObjection,
	voteOnObjection
} from '#lib/server/modules/judging/index.ts';
import { assignMentors } from '#lib/server/modules/organizations/index.ts';
import { readProposal } from '#lib/server/modules/proposals/index.ts';
import { editCalendar, readCalendar, stationById } from '#lib/server/modules/stations/index.ts';
import { newSecret, sha256 } from '#lib/server/platform/secrets.ts';
import { controlledClock } from '../factories/clock.ts';
import { atStation, inGroup, person, system, type User } from '../factories/competitions.ts';
import { account, makeRound, refreshed, type JudgingRound } from '../factories/judging.ts';
import { refusal } from '../factories/refusal.ts';
import { smallPng } from '../factories/small-files.ts';
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

const dayMs = 86_400_000;
const marks = { need: 15, feasibility: 15, participation: 12, outcomes: 12, budget: 12, team: 8, sustainability: 4 };
const nth = <T>(list: readonly T[], at: number): T => {
	const value = list[at];
	if (value === undefined) throw new Error(`nothing at ${at}`);
	return value;
};

/** Every judge submits every card; the first proposals get the higher marks. */
const scoreAll = async (round: JudgingRound): Promise<void> => {
	for (const { user } of round.judges) {
		const cards = (await judgingQueue(user)).flatMap((group) => group.items);
		for (const { id, proposal } of cards) {
			const { card } = await readScorecard(user, id);
			const need = 18 - round.proposals.indexOf(proposal);
			await saveScorecard(user, id, scorecardSaveSchema.parse({ scores: { ...marks, need }, status: 'submitted', version: card.version }));
		}
	}
	await transitionCompetition(round.head, round.competition.id, { to: 'deliberation', reason: '' });
};

const filed = (more: Record<string, unknown> = {}) =>
	objectionSchema.parse({ name: '马秀兰', contact: '13911112222', text: '第二名的预算没有算进志愿者误餐。', ...more });
const from = (address: string, more: Record<string, unknown> = {}) => ({ address, ...more });
const anonymous = { kind: 'anonymous' } as const;

/** A competition whose notice runs, with three people of the city who may sit on a committee. */
const published = async (slug: string): Promise<{ round: JudgingRound; notice: string; members: User[]; city: string }> => {
	const round = await makeRound(clock, slug, { proposals: 3, judges: 3, reviews: 3, given: { fund: 500_000 } });
	const { path } = await stationById(round.street);
	const city = nth(path, 0);
	const members: User[] = [];
	for (const n of [1, 2, 3]) members.push(await account(`${slug}.member${n}`, { grants: [atStation('supervisor', city)] }));
	await scoreAll(round);
	await decideByRank(round.head, round.competition.id);
	const { id } = await publishNotice(round.head, round.competition.id);
	return { round, notice: id, members, city };
};

const convene = async (round: JudgingRound, id: string, members: readonly User[]): Promise<void> => {
	const { version } = await readObjection(round.head, id);
	await conveneCommittee(round.worker, id, { members: members.map((member) => member.id), version });
};

const hear = async (round: JudgingRound, id: string): Promise<void> => {
	await recordStatement(round.worker, id, { side: 'organization', text: '预算第六行就是误餐。' });
	await recordStatement(round.worker, id, { side: 'judges', text: '三位评委都看到了这一行。' });
};

describe('the room', () => {
	let round: JudgingRound;
	let mentor: User;
	const hiddenAt = 1;
	beforeAll(async () => {
		round = await makeRound(clock, 'room', { proposals: 4, judges: 3, reviews: 3, given: { fund: 500_000 } });
		mentor = await account('room.mentor', { grants: [atStation('head', round.street)] });
		await assignMentors(round.head, nth(round.organizations, hiddenAt), { mentor: mentor.id, secondMentor: '', version: 1 });
		await scoreAll(round);
	});

	test('keeps what is said, by name and in order', async () => {
		const proposal = nth(round.proposals, 0);
		await addNote(round.worker, round.competition.id, { proposal, text: '人手够吗？' });
		await addNote(nth(round.judges, 0).user, round.competition.id, { proposal, text: '十二个人轮班，够。' });
		const { rows } = await readDecision(round.head, round.competition.id);
		expect(rows.find((row) => row.proposal === proposal)?.notes.map(({ text, byName }) => [byName, text])).toEqual([
			['room worker', '人手够吗？'],
			['room.judge1', '十二个人轮班，够。']
		]);
		const acts = await recentActs(`competition:${round.competition.id}`);
		expect(acts.filter(({ action }) => action === 'deliberation_note').map(({ detail }) => detail.text)).toEqual(['十二个人轮班，够。', '人手够吗？']);
	});

	test('has no trace of an item for whoever is too close to it', async () => {
		const id = round.competition.id;
		const proposal = nth(round.proposals, hiddenAt);
		await addNote(round.worker, id, { proposal, text: '这一条她看不到。' });
		await decide(round.head, id, { awards: [{ proposal, outcome: 'fund', amount: 150_000, reason: '' }], rest: 'keep' });
		const view = await readDecision(mentor, id);
		expect(view).toMatchObject({ left: 1, total: 0, deciding: 3, decided: 0 });
		for (const answer of [view, await readRanking(mentor, id), await readWholeRanking(mentor, id)])
			expect(JSON.stringify(answer)).not.toMatch(new RegExp(`${proposal}|她看不到|room-002`));
		expect((await refusal(addNote(mentor, id, { proposal, text: '我来说两句' }))).kind).toBe('not_found');
		expect((await refusal(proposalScorecards(mentor, id, proposal))).kind).toBe('not_found');
		const award = { proposal, outcome: 'fund', amount: 100_000, reason: '' } as const;
		expect((await refusal(decide(mentor, id, { awards: [award], rest: 'keep' }))).issues).toMatchObject([{ code: 'decide_unknown' }]);
		// Declining all the rest, or going by the ranking, touches nothing they do not see.
		await decide(mentor, id, { awards: [], rest: 'decline' });
		await decideByRank(mentor, id);
		expect((await readDecision(round.head, id)).rows.find((row) => row.proposal === proposal)?.award).toMatchObject({ amount: 150_000 });
		// The fund holds for them as for everybody, but the refusal gives no figure away.
		const greedy = round.proposals.filter((one) => one !== proposal).map((one) => ({ proposal: one, outcome: 'fund' as const, amount: 200_000, reason: '' }));
		const refused = await refusal(decide(mentor, id, { awards: greedy, rest: 'keep' }));
		expect([refused.code, refused.params]).toEqual(['decide_above_fund_unseen', {}]);
		expect(JSON.stringify(refused.current)).not.toContain(proposal);
	});

	test('lets judges in after the round, without their colleagues’ scores, and not into what they are close to', async () => {
		const judge = nth(round.judges, 1).user;
		const view = await readRoom(judge, round.competition.id);
		expect(view.rows).toHaveLength(4);
		expect(JSON.stringify(view)).not.toMatch(/cards|amount|outcome/);
		const stranger = await account('room.elsewhere');
		expect((await refusal(readRoom(stranger, round.competition.id))).kind).toBe('forbidden');
	});

	test('of two decisions in the same instant the fund stands, whoever was first', async () => {
		const id = round.competition.id;
		await decide(round.head, id, { awards: [], rest: 'decline' });
		const [a, b, c] = round.proposals;
		const give = (...proposals: (string | undefined)[]) =>
			decide(round.head, id, {
				awards: proposals.map((proposal) => ({ proposal: proposal ?? '', outcome: 'fund' as const, amount: 200_000, reason: '' })),
				rest: 'keep'
			});
		const answers = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => give([a, b, c][n % 3], [b, c, a][n % 3])));
		expect(answers.some(({ status }) => status === 'fulfilled')).toBe(true);
		const { rows } = await readDecision(round.head, id);
		expect(rows.reduce((sum, row) => sum + (row.award?.amount ?? 0), 0)).toBeLessThanOrEqual(500_000);
	});

	test('a notice with a missing reason names the proposal', async () => {
		const id = round.competition.id;
		const awards = round.proposals.map((proposal, at) => ({ proposal, outcome: at === 3 ? ('fund' as const) : ('decline' as const), amount: at === 3 ? 200_000 : 0, reason: '' }));
		await decide(round.head, id, { awards, rest: 'decline' });
		const refused = await refusal(publishNotice(round.head, id));
		expect(refused.issues).toMatchObject([{ code: 'decide_reasons_missing', params: { n: 4, numbers: 'room-001, room-002, room-003, room-004' } }]);
	});
});

test('an item everybody at the station is too close to is decided by the station above, and nothing else is', async () => {
	const round = await makeRound(clock, 'alone', { proposals: 2, judges: 3, reviews: 3, given: { fund: 500_000 } });
	const only = await account('alone.head', { grants: [atStation('head', round.street)] });
	await assignMentors(round.head, nth(round.organizations, 0), { mentor: only.id, secondMentor: '', version: 1 });
	const { path } = await stationById(round.street);
	const city = person('alone city', atStation('head', nth(path, 0)));
	await scoreAll(round);
	const award = (at: number) => ({ proposal: nth(round.proposals, at), outcome: 'fund' as const, amount: 100_000, reason: '' });
	expect((await refusal(decide(city, round.competition.id, { awards: [award(1)], rest: 'keep' }))).issues).toMatchObject([{ code: 'decide_unknown' }]);
	expect(await decide(city, round.competition.id, { awards: [award(0)], rest: 'decline' })).toMatchObject({ total: 100_000 });
	expect(Object.keys((await decide(only, round.competition.id, { awards: [award(1)], rest: 'decline' })).rows)).toEqual([round.proposals[1]]);
	expect((await readDecision(round.head, round.competition.id)).total).toBe(200_000);
});

describe('an objection', () => {
	let open: Awaited<ReturnType<typeof published>>;
	beforeAll(async () => {
		open = await published('objects');
	});

	test('needs no account, keeps its evidence, and is followed by number and secret alone', async () => {
		const { number } = nth((await publicResult('objects')).rows, 1);
		const evidence = { name: '证据.png', bytes: new Uint8Array(smallPng()) };
		const receipt = await fileObjection(anonymous, open.notice, filed({ proposal: number }), from('10.1.1.1', { files: [evidence] }));
		expect(receipt.receipt).toMatch(/^YY-/);
		const tracked = await trackObjection(receipt.receipt.toLowerCase().replaceAll('-', ' '), receipt.secret);
		expect(tracked).toMatchObject({ status: 'received', about: { number }, files: [{ name: '证据.jpg' }] });
		expect((await refusal(trackObjection(receipt.receipt, newSecret()))).kind).toBe('not_found');
		const { contact } = filed({});
		expect(await lookUpObjection({ receipt: receipt.receipt.toLowerCase(), contact: ` ${contact} ` }, '10.1.1.7')).toEqual(tracked);
		const lost = [
			{ receipt: receipt.receipt, contact: '000-60000000' },
			{ receipt: 'YY-ABCD-EFGH', contact }
		];
		for (const wrong of lost) expect((await refusal(lookUpObjection(wrong, '10.1.1.7'))).issues[0]?.code).toBe('objection_not_found');
		for (let n = 0; n < 10; n += 1) await refusal(lookUpObjection({ receipt: `YY-ABCD-EF${n}H`, contact }, '10.1.1.8'));
		expect((await refusal(lookUpObjection({ receipt: receipt.receipt, contact }, '10.1.1.8'))).kind).toBe('rate_limited');
		const [row] = await listObjections(open.round.head, open.round.competition.id);
		const { files } = await readObjection(open.round.head, row?.id ?? '');
		expect((await openEvidence(open.round.head, row?.id ?? '', nth(files, 0).id)).type).toBe('image/jpeg');
	});

	test('sent twice under the same form is one; another one is another', async () => {
		const key = newSecret();
		const once = await fileObjection(anonymous, open.notice, filed({ text: '重复一次' }), from('10.1.1.2', { key }));
		const twice = await fileObjection(anonymous, open.notice, filed({ text: '重复一次' }), from('10.1.1.2', { key }));
		expect(twice.receipt).toBe(once.receipt);
		const other = await fileObjection(anonymous, open.notice, filed({ text: '另一件事' }), from('10.1.1.2', { key }));
		expect([other.receipt === once.receipt, other.secret === key]).toEqual([false, false]);
	});

	test('refuses evidence that is none, too much of it, and proposals there are not', async () => {
		const file = (name: string, bytes = new Uint8Array(smallPng())) => ({ name, bytes });
		const send = (files: unknown[], more = {}) => fileObjection(anonymous, open.notice, filed(more), from('10.1.1.3', { files }));
		expect((await refusal(send([file('病毒.exe')]))).code).toBe('evidence_kind');
		expect((await refusal(send([file('假.pdf')]))).code).toBe('file_not_what_it_says');
		expect((await refusal(send([1, 2, 3, 4].map((n) => file(`${n}.png`))))).issues).toMatchObject([{ path: 'files', code: 'too_many' }]);
		expect((await refusal(send([file('大.pdf', new Uint8Array(20 * 1024 * 1024))]))).kind).toBe('too_large');
		expect((await refusal(send([], { proposal: 'objects-999' }))).issues).toMatchObject([{ path: 'proposal' }]);
		expect((await listObjections(open.round.head, open.round.competition.id)).some(({ about }) => about?.number === 'objects-999')).toBe(false);
	});

	test('a thousand from one address are held up, those of others are not', async () => {
		const before = (await listObjections(open.round.head, open.round.competition.id)).length;
		const answers = await Promise.allSettled(
			Array.from({ length: 1000 }, (_, n) => fileObjection(anonymous, open.notice, filed({ text: `第 ${n} 件` }), from('10.6.6.6')))
		);
		const limited = answers.filter((answer) => answer.status === 'rejected' && (answer.reason as { retryAfter?: number }).retryAfter);
		expect(limited).toHaveLength(980);
		expect((await fileObjection(anonymous, open.notice, filed({ text: '我是另一个人' }), from('10.6.6.7'))).receipt).toMatch(/^YY-/);
		expect(await listObjections(open.round.head, open.round.competition.id)).toHaveLength(before + 21);
	});

	test('is not for outsiders to read, and its author stays unknown to the group unless they agree', async () => {
		const { round, notice, members } = open;
		const leader = person('组长', inGroup('leader', nth((await publicResult('objects')).rows, 0).organization));
		const { number } = nth((await publicResult('objects')).rows, 0);
		for (const disclose of [false, true]) {
			await fileObjection(anonymous, notice, filed({ proposal: number, disclose, text: `说明 ${disclose}` }), from('10.1.1.9'));
			const row = (await listObjections(round.head, round.competition.id)).find(({ about }) => about?.number === number);
			const seen = await readObjection(leader, row?.id ?? '');
			expect(seen.objector).toEqual(disclose ? { name: '马秀兰', contact: '' } : null);
			expect(JSON.stringify(seen)).not.toContain('13911112222');
			expect((await refusal(readObjection(nth(members, 0), row?.id ?? ''))).kind).toBe('not_found');
			expect((await refusal(readObjection(nth(round.judges, 0).user, row?.id ?? ''))).kind).toBe('not_found');
			expect((await refusal(readObjection(person('别的组长', inGroup('leader', 'f'.repeat(24))), row?.id ?? ''))).kind).toBe('not_found');
		}
		expect(JSON.stringify(await publicObjections(round.competition.id))).not.toMatch(/马秀兰|13911112222|说明/);
		const acts = await recentActs(`competition:${round.competition.id}`, 200);
		expect(JSON.stringify(acts)).not.toMatch(/马秀兰|13911112222/);
	});
});

describe('a review', () => {
	let open: Awaited<ReturnType<typeof published>>;
	let id: string;
	let receipt: Awaited<ReturnType<typeof fileObjection>>;
	beforeAll(async () => {
		open = await published('review');
		const { number } = nth((await publicResult('review')).rows, 1);
		receipt = await fileObjection(anonymous, open.notice, filed({ proposal: number }), from('10.2.2.2'));
		id = nth(await listObjections(open.round.head, open.round.competition.id), 0).id;
	});
	const codes = async (user: User) => (await judgingWork(user)).map(({ code }) => code);

	test('waits in the worklist of the organizer, with its deadline', async () => {
		const item = (await judgingWork(open.round.worker)).find(({ code }) => code === 'objection_convene');
		expect(item).toMatchObject({ params: { receipt: receipt.receipt }, due: receipt.due.toISOString() });
	});

	test('takes no deciders, no judge of the proposal, nobody close to the group, and no outsider', async () => {
		const { round, members } = open;
		const decider = await account('review.decider', { grants: [atStation('head', open.city)] });
		const candidates = (await readObjection(round.worker, id)).candidates;
		expect(candidates.filter(({ unfit }) => unfit.length === 0).map(({ user }) => user)).toEqual(expect.arrayContaining(members.map(({ id: user }) => user)));
		expect(candidates.find(({ user }) => user === nth(round.judges, 0).user.id)?.unfit).toContain('scored');
		const named = (user: string) => conveneCommittee(round.worker, id, { members: [user, nth(members, 0).id, nth(members, 1).id], version: 0 });
		expect((await refusal(named(nth(round.judges, 0).user.id))).issues).toMatchObject([{ path: 'members[0]', code: 'committee_unfit' }]);
		expect((await refusal(named('e'.repeat(24)))).issues).toMatchObject([{ code: 'committee_unknown' }]);
		expect((await refusal(conveneCommittee(decider, id, { members: members.map((member) => member.id), version: 0 }))).kind).toBe('forbidden');
	});

	test('hears both sides before anybody votes', async () => {
		await convene(open.round, id, open.members);
		const vote = { uphold: true, reason: '预算表第六行漏算。' };
		expect(await codes(nth(open.members, 0))).toContain('objection_vote');
		expect((await refusal(voteOnObjection(nth(open.members, 0), id, vote))).code).toBe('objection_unheard');
		await hear(open.round, id);
		expect((await refusal(voteOnObjection(open.round.head, id, vote))).kind).toBe('forbidden');
	});

	test('blocks the decision, saying which objection, whatever reason is given', async () => {
		const refused = await refusal(transitionCompetition(open.round.head, open.round.competition.id, { to: 'decided', reason: '等不及了' }));
		expect(refused.issues).toMatchObject([{ code: 'objection_open', params: { n: 1, receipts: receipt.receipt } }]);
	});

	test('is decided by more than half of the members, who vote at once and by name', async () => {
		const { members, round } = open;
		const answer = { summary: '第二名的预算漏算了误餐。', answer: '经复核，确有漏算，更正后重新公示。' };
		await voteOnObjection(nth(members, 0), id, { uphold: true, reason: '漏算' });
		expect((await refusal(answerObjection(round.worker, id, answer))).code).toBe('objection_undecided');
		await Promise.all([
			voteOnObjection(nth(members, 1), id, { uphold: false, reason: '不影响名次' }),
			voteOnObjection(nth(members, 2), id, { uphold: true, reason: '漏算，应更正' })
		]);
		expect(await codes(round.worker)).toContain('objection_answer');
		expect(await codes(nth(members, 2))).toContain('objection_answer');
		await answerObjection(nth(members, 0), id, answer);
		expect((await readObjection(round.head, id)).votes.map(({ name }) => name).sort()).toEqual(members.map(({ name }) => name).sort());
		expect((await refusal(voteOnObjection(nth(members, 1), id, { uphold: true, reason: '改主意了' }))).code).toBe('objection_answered');
		expect(await trackObjection(receipt.receipt, receipt.secret)).toMatchObject({ status: 'upheld', answer: { text: answer.answer } });
		expect(await publicObjections(round.competition.id)).toMatchObject([{ status: 'upheld', summary: answer.summary, votes: { uphold: 2, reject: 1 } }]);
	});

	test('once upheld needs a correction; the new notice says why, and the old one stays as it was', async () => {
		const { round } = open;
		const slug = 'review';
		const competition = round.competition.id;
		const old = await resultFile(slug, 1);
		expect((await refusal(transitionCompetition(round.head, competition, { to: 'decided', reason: '不管了' }))).issues).toMatchObject([
			{ code: 'objection_uncorrected', params: { receipts: receipt.receipt } }
		]);
		expect(await codes(round.head)).toContain('objection_correct');
		await transitionCompetition(round.head, competition, { to: 'deliberation', reason: '先退回' });
		expect((await refusal(publishNotice(round.head, competition))).issues).toMatchObject([{ code: 'objection_needs_correction' }]);
		await correctAfterObjection(round.head, id, '第二名资助额改为 1800 元');
		const second = nth((await publicResult(slug)).rows, 1);
		await decide(round.head, competition, { awards: [{ proposal: second.proposal, outcome: 'fund', amount: 180_000, reason: '更正' }], rest: 'keep' });
		// Decided, but not published: neither the public nor the group can tell.
		await new Promise((resolve) => setTimeout(resolve, 3100));
		expect((await publicResult(slug)).n).toBe(1);
		const leader = person('组长', inGroup('leader', second.organization));
		expect(JSON.stringify(await readProposal(leader, second.proposal))).not.toMatch(/(?<![\da-f])180000(?!\d)/);
		await publishNotice(round.head, competition);
		await new Promise((resolve) => setTimeout(resolve, 3100));
		expect(await publicResult(slug)).toMatchObject({ n: 2, corrects: { n: 1, reason: '先退回', receipts: [receipt.receipt] } });
		expect(await resultFile(slug, 1)).toEqual(old);
		expect(sha256(old.text)).toBe((await publicResult(slug, 1)).digest);
		expect((await publicResult(slug, 2)).digest).not.toBe(old.digest);
		expect((await refusal(fileObjection(anonymous, open.notice, filed(), from('10.3.3.3')))).code).toBe('objection_superseded');
		expect(await trackObjection(receipt.receipt, receipt.secret)).toMatchObject({ supersededBy: 2 });
	});

	test('an objection after the window is refused by the server’s clock, which says until when it was open', async () => {
		const { id: notice, until } = await noticeToObjectTo('review');
		clock.moveTo(new Date(until.getTime() - 5000));
		expect((await fileObjection(anonymous, notice, filed({ text: '赶上了' }), from('10.3.3.4'))).receipt).toMatch(/^YY-/);
		clock.moveTo(until);
		const late = await refusal(fileObjection(anonymous, notice, filed(), from('10.3.3.5')));
		expect([late.code, late.params.until]).toEqual(['objection_window_closed', until.toISOString()]);
	});

	test('a rejected objection lets the result become final; the chain holds all of it', async () => {
		const { round, members } = open;
		const row = nth(await listObjections(round.head, round.competition.id), 0);
		await convene(round, row.id, members);
		await recordStatement(round.worker, row.id, { side: 'judges', text: '名次没有变化。' });
		for (const member of members) await voteOnObjection(member, row.id, { uphold: false, reason: '没有依据' });
		await answerObjection(nth(members, 0), row.id, { summary: '对更正有意见', answer: '更正无误，维持。' });
		expect(await transitionCompetition(round.head, round.competition.id, { to: 'decided', reason: '' })).toMatchObject({ state: 'decided' });
		const actions = new Set((await recentActs(`competition:${round.competition.id}`, 500)).map(({ action }) => action));
		for (const action of ['chains_sealed', 'awards_decided', 'result_published', 'objection_received', 'committee_convened', 'statement_recorded', 'objection_vote', 'objection_answered', 'objection_correction'])
			expect(actions).toContain(action);
		expect((await verifyAudit(`competition:${round.competition.id}`)).faults).toEqual([]);
	});
});

test('every judge finds their own scorecards in the file, nobody can guess one, and a changed card is not in it', async () => {
	const { round } = await published('sealed');
	const { text } = await resultFile('sealed');
	const judge = await refreshed(nth(round.judges, 0).user);
	const [group] = await ownSeals(judge);
	expect(group?.seals).toHaveLength(3);
	for (const seal of group?.seals ?? []) {
		expect(sha256(seal.text)).toBe(seal.hash);
		expect([seal.published, seal.as.startsWith('J'), text.includes(seal.hash), text.includes(seal.salt)]).toEqual([true, true, true, false]);
		expect(seal.salt).toHaveLength(32);
	}
	const others = await Promise.all([1, 2].map(async (n) => ownSeals(nth(round.judges, n).user)));
	const hashes = [group, ...others.map(([one]) => one)].flatMap((one) => one?.seals ?? []).map(({ hash }) => hash);
	expect(new Set(hashes).size).toBe(9);
	expect(await ownSeals(await account('sealed.nobody'))).toEqual([]);
	const { Scorecard } = await import('#lib/server/modules/judging/model.ts');
	await Scorecard.updateOne({ user: judge.id }, { $set: { overall: '后来改的' } });
	expect((await ownSeals(judge)).flatMap(({ seals }) => seals).filter((seal) => !seal.published)).toHaveLength(1);
});

test('a running notice ends when it said, until somebody computes it anew and says why', async () => {
	const { round, city } = await published('days');
	const chief = person('days city', atStation('head', city));
	const before = await publicResult('days');
	expect((await refusal(recomputeNoticeEnd(round.head, round.competition.id, '看看'))).code).toBe('notice_end_unchanged');
	const { days, version, source } = await readCalendar(chief, city);
	expect(source).toBe('default');
	expect((await refusal(editCalendar(round.head, city, { remove: nth(days, 0).day }, version))).kind).toBe('forbidden');
	const first = new Date(before.publishedAt.getTime() + dayMs + 8 * 3_600_000).toISOString().slice(0, 10);
	const last = new Date(before.publishedAt.getTime() + 7 * dayMs + 8 * 3_600_000).toISOString().slice(0, 10);
	const add = daysOfPeriod(calendarPeriodSchema.parse({ from: first, to: last, kind: 'off', name: '临时放假' }));
	expect((await editCalendar(chief, city, { add }, version)).source).toBe('own');
	expect((await refusal(editCalendar(chief, city, { add }, version))).code).toBe('stale');
	await new Promise((resolve) => setTimeout(resolve, 3100));
	expect((await publicResult('days')).noticeUntil).toEqual(before.noticeUntil);
	const { to } = await recomputeNoticeEnd(round.head, round.competition.id, '临时放假，顺延');
	expect(to.getTime()).toBeGreaterThan(before.noticeUntil.getTime());
	await new Promise((resolve) => setTimeout(resolve, 3100));
	const after = await publicResult('days');
	expect(after.noticeUntil).toEqual(to);
	expect(after.periodChanges).toMatchObject([{ from: before.noticeUntil, to, reason: '临时放假，顺延', byName: 'days head' }]);
	const [act] = await recentActs(`competition:${round.competition.id}`, 1);
	expect(act?.action).toBe('notice_period_recomputed');
});

describe('the audit chain of a competition', () => {
	let chain: string;
	let judge: string;
	beforeAll(async () => {
		const { round } = await published('chained');
		chain = `competition:${round.competition.id}`;
		judge = `judging:${round.competition.id}:${nth(round.judges, 0).id}`;
	});
	const faults = async () => (await verifyAudit(chain)).faults.map(({ chain: where, seq, fault }) => [where === chain ? 'own' : where, seq, fault]);
	const entry = async (where: string, seq: number) => {
		const found = await Audit.findOne({ chain: where, seq }).lean();
		if (!found) throw new Error('no such entry');
		return found;
	};
	/** Does something to the stored entries, looks, and puts them back. */
	const tampered = async (act: () => Promise<unknown>) => {
		const before = await Audit.find({ chain: { $in: [chain, judge] } }).lean();
		await act();
		const found = await faults();
		await Audit.deleteMany({ chain: { $in: [chain, judge] } });
		await Audit.insertMany(before, { lean: true });
		expect(await faults()).toEqual([]);
		return found;
	};

	test('shows a changed entry', async () => {
		expect(await tampered(() => Audit.updateOne({ chain, seq: 3 }, { $set: { 'actor.name': '别人' } }))).toEqual([['own', 3, 'changed']]);
	});

	test('shows a missing entry: the first, one in the middle, the last', async () => {
		const last = (await Audit.find({ chain }).lean()).length;
		for (const seq of [1, 4, last]) expect(await tampered(() => Audit.deleteOne({ chain, seq }))).toContainEqual(['own', seq, 'missing']);
		expect(await tampered(() => Audit.deleteMany({ chain }))).toEqual([['own', 1, 'missing']]);
	});

	test('shows an inserted entry, however well it is made', async () => {
		const { hashEntry } = await import('#lib/server/modules/audit/chain.ts');
		const { newId } = await import('#lib/server/platform/db/index.ts');
		const count = (await Audit.find({ chain }).lean()).length;
		const forged = async (seq: number) => {
			const { _id, hash: _hash, ...real } = await entry(chain, Math.min(seq, count));
			const previous = (await entry(chain, seq - 1)).hash;
			const made = { ...real, seq, previous, subject: 'forged' };
			return { _id: newId(), ...made, hash: hashEntry(made) };
		};
		expect(await tampered(async () => Audit.create(await forged(count + 1)))).toEqual([['own', count + 1, 'inserted']]);
		const found = await tampered(async () => {
			const made = await forged(4);
			for (let seq = count; seq >= 4; seq -= 1) await Audit.updateOne({ chain, seq }, { $set: { seq: seq + 1 } });
			await Audit.create(made);
		});
		expect(found).toContainEqual(['own', 5, 'changed']);
		expect(found).toContainEqual(['own', count + 1, 'inserted']);
	});

	test('holds the judges’ own chains too: a scorecard’s entry cannot be cut off or rewritten', async () => {
		expect(await tampered(() => Audit.deleteOne({ chain: judge, seq: 3 }))).toContainEqual([judge, 3, 'missing']);
		const { hashEntry } = await import('#lib/server/modules/audit/chain.ts');
		const found = await tampered(async () => {
			const { _id, hash: _hash, ...real } = await entry(judge, 3);
			const made = { ...real, detail: { ...real.detail, total: 1 } };
			await Audit.updateOne({ _id }, { $set: { detail: made.detail, hash: hashEntry(made) } });
		});
		expect(found).toEqual([[judge, 3, 'changed']]);
	});
});

test('nothing of all this is in anybody’s way who only runs the system', async () => {
	expect((await verifyAudit()).faults).toEqual([]);
	expect((await editCalendar(system, 'platform', { remove: '2026-01-04' }, 0)).days.some(({ day }) => day === '2026-01-04')).toBe(false);
});

test('quotas move awards, with the reasons written down, and never above the fund', async () => {
	const round = await makeRound(clock, 'quotas', { proposals: 4, judges: 3, reviews: 3, given: { fund: 500_000 } });
	await scoreAll(round);
	const id = round.competition.id;
	const words = (because: readonly { key: string }[] | null, to: 'in' | 'out') => `${to} ${because?.map(({ key }) => key).join() ?? 'money'}`;
	const { groups, set } = await suggestAwardSet(round.head, id, []);
	expect(set.funded).toEqual(round.proposals.slice(0, 2));
	expect(groups.map(({ kind, members }) => [kind, members.size])).toEqual(expect.arrayContaining([['track', 4], ['community', 4], ['category', 4]]));
	await expect(suggestAwardSet(round.worker, id, [])).rejects.toMatchObject({ kind: 'forbidden' });
	const state = await decideBySet(round.head, id, [{ key: 'track:simple', min: null, max: 1 }], 0, words);
	expect(state.total).toBe(200_000);
	expect(round.proposals.map((proposal) => [state.rows[proposal]?.outcome, state.rows[proposal]?.reason])).toEqual([
		['fund', ''],
		['reserve', 'out track:simple'],
		['reserve', ''],
		['decline', '']
	]);
	expect((await suggestAwardSet(round.head, id, [{ key: 'track:simple', min: 3, max: null }])).set.impossible).toMatchObject({ why: 'too_dear', cost: 600_000 });
	expect((await refusal(decideBySet(round.head, id, [{ key: 'track:simple', min: 5, max: null }], state.version, words))).code).toBe('award_set_impossible');
});
