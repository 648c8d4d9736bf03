import { afterAll, beforeAll, expect, test } from 'vitest';
import { scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { recordsWritten, verifyAudit } from '#lib/server/modules/audit/index.ts';
import { transitionCompetition } from '#lib/server/modules/competitions/index.ts';
import { declareConflict, judgingQueue, liftConflict, readScorecard, reopenScorecard, saveScorecard, settleSubmissionRecords, type QueueItem } from '#lib/server/modules/judging/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import { database, toId } from '#lib/server/platform/db/index.ts';
import { controlledClock } from '../factories/clock.ts';
import type { User } from '../factories/competitions.ts';
import { makeRound, type JudgingRound } from '../factories/judging.ts';
import { refusal } from '../factories/refusal.ts';
import { openTestDatabase } from '../factories/store.ts';

// A save may start from the scorecard as this process saw it last. What another process has made of it since is written
// here past the modules, straight into the database.
let store: Awaited<ReturnType<typeof openTestDatabase>>;
let clock: ReturnType<typeof controlledClock>;
let round: JudgingRound;
let judge: User;
let card: QueueItem;
beforeAll(async () => {
	store = await openTestDatabase();
	clock = controlledClock();
	round = await makeRound(clock, 'saving', { proposals: 3, judges: 3, reviews: 3 });
	judge = round.judges[0]?.user ?? round.head;
	[card] = (await judgingQueue(judge)).flatMap((group) => group.items) as [QueueItem];
});
afterAll(async () => {
	clock.close();
	await store.close();
});

const marks = { need: 15, feasibility: 15, participation: 12, outcomes: 12, budget: 12, team: 8, sustainability: 4 };
let version = 0;
const save = async (need: number, more: Record<string, unknown> = {}): Promise<void> => {
	({ version } = await saveScorecard(judge, card.id, scorecardSaveSchema.parse({ scores: { need }, version, ...more })));
};
const elsewhere = (set: Record<string, unknown>, inc: Record<string, number> = {}) =>
	database()
		.collection('scorecards')
		.updateOne({ _id: toId(card.id) }, { $set: set, ...(Object.keys(inc).length > 0 ? { $inc: inc } : {}) });
const stored = async () => (await readScorecard(judge, card.id)).card;
const entries = async () => {
	await recordsWritten();
	return database().collection('audit').find({ action: 'scorecard_submitted', subject: card.id }).toArray();
};

test('what another process saved is not passed over', async () => {
	await save(15);
	await elsewhere({ scores: { need: 3 }, overall: '另一处', lastSave: { client: 'phone', seq: 1 } }, { version: 1 });
	expect(await refusal(save(14))).toMatchObject({ code: 'stale', current: { scores: { need: 3 }, overall: '另一处' } });
	version = (await stored()).version;
	await save(14);
	expect((await stored()).scores).toEqual({ need: 14 });
});

test('a round closed in another process takes nothing more, and takes it again once reopened', async () => {
	await elsewhere({ closedAt: new Date() });
	expect((await refusal(save(16))).code).toBe('score_round_closed');
	await elsewhere({ closedAt: null });
	await save(16);
});

test('a recusal in another process stands', async () => {
	await elsewhere({ status: 'recused', recusal: { reason: '亲属', at: new Date() } }, { version: 1 });
	expect((await refusal(save(17))).code).toBe('score_recused');
	await elsewhere({ status: 'draft', recusal: null }, { version: 1 });
	expect((await refusal(save(17))).code).toBe('stale');
	version = (await stored()).version;
	await save(17);
});

test('a card handed to somebody else is no longer theirs', async () => {
	await elsewhere({ user: round.judges[1]?.user.id ?? '' });
	expect((await refusal(save(18))).kind).toBe('not_found');
	await elsewhere({ user: judge.id });
	await save(18);
});

test('a conflict declared or lifted decides the next submission at once', async () => {
	const [mine] = round.judges;
	const submission = { scores: marks, status: 'submitted' };
	await declareConflict(round.head, { judge: mine?.id ?? '', proposal: card.proposal, reason: '同一家单位' });
	await elsewhere({ status: 'draft', recusal: null }, { version: 1 });
	version = (await stored()).version;
	expect((await refusal(save(15, submission))).code).toBe('score_declared_conflict');
	await liftConflict(round.head, mine?.id ?? '', card.proposal);
	await save(15, submission);
	expect(await entries()).toHaveLength(1);
});

/** Opens the card again and submits it as a process does that dies before the submission is on record. */
const submitAndDie = async (at: Date): Promise<void> => {
	await reopenScorecard(round.head, card.id, '重看预算');
	const set = { status: 'submitted', submittedAt: at, submittedBy: { id: judge.id, name: '一位评委' }, touchedAt: at, total: 7800 };
	await elsewhere(set, { version: 1 });
};

test('a submission whose writer died before it was on record is recorded afterwards, once and as it was', async () => {
	const at = new Date(now().getTime() - 61_000);
	await submitAndDie(at);
	await Promise.all([settleSubmissionRecords(), settleSubmissionRecords()]);
	await settleSubmissionRecords();
	const [, second, ...more] = await entries();
	expect(second).toMatchObject({ at, actor: { id: judge.id, name: '一位评委' }, detail: { proposal: card.proposal, total: 7800 } });
	expect(more).toEqual([]);
	expect((await verifyAudit()).faults).toEqual([]);
});

test('it is recorded before the card is opened again', async () => {
	await submitAndDie(new Date(now().getTime() - 500));
	await submitAndDie(now());
	expect(await entries()).toHaveLength(3);
	expect((await verifyAudit()).faults).toEqual([]);
});

/** Cards of the other judges, each with a writer that goes on from the version it knows. */
const othersCards = async () => {
	const queues = await Promise.all(
		round.judges.slice(1).map(async ({ user }) => (await judgingQueue(user)).flatMap((group) => group.items).map(({ id }) => ({ user, id })))
	);
	return queues.flat().map(({ user, id }) => ({
		id,
		known: 0,
		read: async () => (await readScorecard(user, id)).card,
		async save(more: Record<string, unknown>) {
			const saved = await saveScorecard(user, id, scorecardSaveSchema.parse({ scores: marks, version: this.known, client: `tab-${id}`, seq: this.known + 1, ...more }));
			this.known = saved.version;
			return saved;
		}
	}));
};

// They are on their way to the database at once, and one of them starts from a card that is no longer so.
test('of saves at the same moment each is answered by itself', async () => {
	const cards = await othersCards();
	await Promise.all(cards.map((one) => one.save({ overall: '一' })));
	const [passed, ...rest] = cards;
	if (!passed || rest.length < 3) throw new Error('too few cards');
	await database()
		.collection('scorecards')
		.updateOne({ _id: toId(passed.id) }, { $set: { overall: '别处', lastSave: { client: 'phone', seq: 1 } }, $inc: { version: 1 } });
	const outcomes = await Promise.allSettled(cards.map((one) => one.save({ overall: '二' })));
	expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...rest.map(() => 'fulfilled')]);
	expect(outcomes[0]).toMatchObject({ reason: { code: 'stale', current: { overall: '别处' } } });
	expect(await Promise.all(cards.map(async (one) => (await one.read()).overall))).toEqual(['别处', ...rest.map(() => '二')]);
	expect(await Promise.all(rest.map(async (one) => (await one.read()).version))).toEqual(rest.map(() => 2));
});

test('of submissions at the same moment those that hold are on record, once each, and no other', async () => {
	const [passed, ...rest] = await othersCards();
	if (!passed) throw new Error('too few cards');
	for (const one of [passed, ...rest]) one.known = (await one.read()).version;
	await passed.save({ overall: '三', client: '' });
	await database()
		.collection('scorecards')
		.updateOne({ _id: toId(passed.id) }, { $set: { status: 'recused', recusal: { reason: '亲属', at: new Date() } }, $inc: { version: 1 } });
	// Cards of one judge are in one chain, so those that meet have to follow each other.
	const outcomes = await Promise.allSettled([passed, ...rest, ...rest].map((one) => one.save({ overall: '交', status: 'submitted' })));
	expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...rest.map(() => 'fulfilled'), ...rest.map(() => 'fulfilled')]);
	await recordsWritten();
	const recorded = await database().collection('audit').find({ action: 'scorecard_submitted', subject: { $in: [passed, ...rest].map(({ id }) => id) } }).toArray();
	expect(recorded.map(({ subject }) => String(subject)).sort()).toEqual(rest.map(({ id }) => id).sort());
	expect((await verifyAudit()).faults).toEqual([]);
});

test('what is not on record yet is recorded before the round is sealed', async () => {
	await submitAndDie(now());
	const before = (await entries()).length;
	await transitionCompetition(round.head, round.competition.id, { to: 'deliberation', reason: '提前结束' });
	expect((await entries()).length).toBe(before + 1);
	const { faults } = await verifyAudit(`competition:${round.competition.id}`);
	expect(faults).toEqual([]);
	const seal = await database().collection('audit').findOne({ chain: `competition:${round.competition.id}`, action: 'chains_sealed' });
	const last = (await entries()).at(-1);
	expect(seal?.detail.ends).toContainEqual({ chain: last?.chain, seq: last?.seq, hash: last?.hash });
});
