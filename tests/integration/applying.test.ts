import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { entrySchema } from '#lib/domain/organizations/projects.ts';
import { interviewSchema } from '#lib/domain/surveys/schema.ts';
import { proposalPatchSchema } from '#lib/domain/proposals/schema.ts';
import { amendCompetition, createCompetition, editCompetition, listCompetitions, publicCompetition, settingsOf, startingSettings, type CompetitionView } from '#lib/server/modules/competitions/index.ts';
import { recordEntry } from '#lib/server/modules/organizations/index.ts';
import {
	checkProposal,
	correctionPoints,
	createProposal,
	eachProposal,
	eachWholeProposal,
	fillable,
	fillDraft,
	listProposals,
	markSeen,
	openOpinions,
	proposalListSchema,
	proposalWork,
	readProposal,
	releaseScreening,
	saveDraft,
	screeningPlace,
	screeningQueue,
	screeningQueueSchema,
	screenProposal,
	submitProposal,
	type DraftConflict
} from '#lib/server/modules/proposals/index.ts';
import { recordInterview } from '#lib/server/modules/surveys/index.ts';
import { controlledClock } from '../factories/clock.ts';
import { atStation, completeDraft, inGroup, makeGroup, makeOpenCompetition, makeStations, person, type User } from '../factories/competitions.ts';
import { refusal } from '../factories/refusal.ts';
import { openTestDatabase } from '../factories/store.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let clock: ReturnType<typeof controlledClock>;
let street: string;
let head: User;
let worker: User;
let third: User;

const queue = (view: string) => screeningQueueSchema.parse({ view });
const codes = async (actor: User) => (await proposalWork(actor)).map(({ code }) => code);
const applicant = async (call: CompetitionView, name: string) => {
	const { id } = await makeGroup(street, name);
	const actor = person(`${name}队长`, inGroup('leader', id));
	const proposal = await createProposal(actor, call.id, { organization: id, ...completeDraft(`${name}的项目`) });
	return { actor, group: id, proposal };
};
const ticks = (call: CompetitionView) => Object.fromEntries(call.screeningChecklist.map(({ key }) => [key, true]));

beforeAll(async () => {
	clock = controlledClock();
	database = await openTestDatabase();
	({ street } = await makeStations('hudong'));
	head = person('宋雅琴', atStation('head', street));
	worker = person('田晓舟', atStation('worker', street));
	third = person('何舒', atStation('worker', street));
});
afterEach(() => clock.moveTo(new Date()));
afterAll(async () => {
	await database.close();
	clock.close();
});

describe('an earlier year', () => {
	test('lends rules and texts, its times a year on, and neither judges nor proposals', async () => {
		const model = await makeOpenCompetition(worker, street, 'spring-2025', { contact: '021-5555 0000', screeners: 2 });
		await applicant(model, '去年队');
		const { settings } = await startingSettings(worker, street, model.id);
		const opens = new Date(settings.timeline.opensAt);
		expect(opens.getTime() - model.timeline.opensAt.getTime()).toBeGreaterThan(360 * 86_400_000);
		expect([0, 6]).not.toContain(new Date(opens.getTime() + 8 * 3_600_000).getUTCDay());
		expect(settings.slug).toBe(`spring-${opens.getUTCFullYear()}`);
		const copy = await createCompetition(worker, { station: street, from: model.id, title: settings.title, slug: settings.slug });
		expect(settingsOf(copy)).toEqual({ ...settingsOf(model), title: settings.title, slug: settings.slug, timeline: settings.timeline });
		expect(copy).toMatchObject({ state: 'draft', lastNumber: 0, amendments: [], history: [] });
		expect(copy.drawSeed).not.toBe(model.drawSeed);
		const stranger = person('路人', atStation('worker', (await makeStations('elsewhere')).street));
		expect((await refusal(startingSettings(stranger, street, model.id))).kind).toBe('forbidden');
	});
});

describe('amendments', () => {
	test('replace rules in public with what they were, and every applicant is told until they have read it', async () => {
		const call = await makeOpenCompetition(worker, street, 'amended');
		const [drafting, sent] = [await applicant(call, '草稿队'), await applicant(call, '已交队')];
		await submitProposal(sent.actor, sent.proposal.id, { reason: '' });
		const { tracks } = settingsOf(call);
		const dearer = tracks.map((track) => (track.key === 'simple' ? { ...track, cap: track.cap + 100_000 } : track));
		const amended = await amendCompetition(worker, call.id, { text: '街道追加资金。', closesAt: null, changes: { tracks: dearer, noticeDays: call.noticeDays }, version: call.version });
		expect(amended.tracks.find(({ key }) => key === 'simple')?.cap).toBe(400_000);
		const [said] = (await publicCompetition('amended')).amendments;
		expect(said?.changes?.map(({ part, before, after }) => [part, before, after])).toEqual([['tracks', tracks, dearer]]);
		for (const { actor, proposal } of [drafting, sent]) {
			expect(await codes(actor)).toContain('prop_amended');
			expect((await readProposal(actor, proposal.id)).told.amendments.map(({ text }) => text)).toEqual(['街道追加资金。']);
			await markSeen(actor, proposal.id);
			expect(await codes(actor)).not.toContain('prop_amended');
			expect((await readProposal(actor, proposal.id)).told.amendments).toEqual([]);
		}
		const later = await applicant(call, '后来队');
		expect(await codes(later.actor)).not.toContain('prop_amended');
		const toldLater = async () => (await readProposal(later.actor, later.proposal.id)).told.amendments.map(({ text }) => text);
		expect(await toldLater()).toEqual(['街道追加资金。']);
		await markSeen(later.actor, later.proposal.id);
		expect(await toldLater()).toEqual([]);
		await amendCompetition(worker, call.id, { text: '再补一句。', closesAt: null, version: amended.version });
		expect(await toldLater()).toEqual(['再补一句。']);
		expect(await codes(later.actor)).toContain('prop_amended');
		const mate = person('队员', inGroup('member', drafting.group));
		expect(await codes(mate)).toContain('prop_amended');
	});

	test('are owned up to when somebody submits who has not read them, and never asked about twice', async () => {
		const call = await makeOpenCompetition(worker, street, 'owned-up');
		const { actor, proposal } = await applicant(call, '没看队');
		const first = await amendCompetition(worker, call.id, { text: '每户只报一次。', closesAt: null, version: call.version });
		const submit = (amendmentsRead?: string) => submitProposal(actor, proposal.id, { reason: '', amendmentsRead });
		const unread = { kind: 'invalid', code: 'proposal_amendments_unread', issues: [{ path: 'amendmentsRead', code: 'proposal_amendments_unread', params: { n: 1 } }] };
		expect(await refusal(submit(''))).toMatchObject(unread);
		const seen = first.amendments[0]?.at.toISOString() ?? '';
		clock.moveTo(new Date(Date.now() + 60_000));
		await amendCompetition(worker, call.id, { text: '再补一句。', closesAt: null, version: first.version });
		// One came while she was reading: what she says to have read does not cover it.
		expect(await refusal(submit(seen))).toMatchObject(unread);
		expect((await readProposal(actor, proposal.id)).proposal.status).toBe('draft');
		const latest = (await readProposal(actor, proposal.id)).told.amendments.at(-1)?.at.toISOString();
		expect((await submit(latest)).number).toMatch(/^owned-up-/);
		expect((await readProposal(actor, proposal.id)).told.amendments).toEqual([]);
		expect(await codes(actor)).not.toContain('prop_amended');
		// Somebody else of the group still is told; a program that says nothing of amendments is asked nothing.
		const other = await applicant(call, '程序队');
		expect((await submitProposal(other.actor, other.proposal.id, { reason: '' })).number).toMatch(/^owned-up-/);
	});

	test('leave time for scoring, and so do changed settings', async () => {
		const [at, hour] = [Date.now(), 3_600_000];
		const times = [-1, 48, 96].map((hours) => new Date(at + hours * hour).toISOString());
		const [opensAt = '', closesAt = '', scoringUntil = ''] = times;
		const timeline = { announcesAt: null, opensAt, closesAt, graceSeconds: 0, scoringUntil };
		const call = await makeOpenCompetition(worker, street, 'in-order', { timeline });
		const move = (hours: number) => amendCompetition(worker, call.id, { text: '延期。', closesAt: new Date(at + hours * hour).toISOString(), version: call.version });
		for (const hours of [96, 97]) expect((await refusal(move(hours))).issues).toMatchObject([{ path: 'closesAt', code: 'amend_past_scoring', params: { until: scoringUntil } }]);
		const early = { ...timeline, scoringUntil: closesAt };
		expect((await refusal(editCompetition(worker, call.id, { timeline: early, version: call.version }))).issues).toMatchObject([{ path: 'timeline.scoringUntil', code: 'comp_scoring_before_closing' }]);
		expect((await move(95)).timeline.closesAt).toEqual(new Date(at + 95 * hour));
	});

	test('keep every question that was asked, and come too late once the call has closed', async () => {
		const call = await makeOpenCompetition(worker, street, 'kept');
		const fewer = settingsOf(call).tracks.map((track) => ({ ...track, questions: track.questions.slice(1) }));
		expect((await refusal(amendCompetition(worker, call.id, { text: 'x', closesAt: null, changes: { tracks: fewer }, version: call.version }))).issues[0]?.code).toBe('amend_keeps_questions');
		clock.moveTo(new Date(call.timeline.closesAt.getTime() + 1000));
		expect((await refusal(amendCompetition(worker, call.id, { text: 'x', closesAt: null, changes: { fund: 1 }, version: call.version }))).code).toBe('amend_rules_closed');
		expect((await amendCompetition(worker, call.id, { text: '评审改在周三。', closesAt: null, version: call.version })).amendments).toHaveLength(1);
	});
});

describe('two screeners', () => {
	test('who disagree wait for a third person or the head’s word, and the queue says so', async () => {
		const call = await makeOpenCompetition(worker, street, 'paired', { screeners: 2 });
		const made = [await applicant(call, '甲队'), await applicant(call, '乙队')];
		for (const { actor, proposal } of made) await submitProposal(actor, proposal.id, { reason: '' });
		const [first, second] = made.map(({ proposal }) => proposal.id) as [string, string];
		const pass = { outcome: 'pass' as const, checklist: ticks(call), reason: '', correctionDays: 3 };
		const reject = { outcome: 'reject' as const, checklist: {}, reason: '与在做项目重复。', correctionDays: 3 };
		await screenProposal(worker, first, pass);
		expect((await screeningQueue(worker, call.id, queue('mine'))).items.map(({ id }) => id)).toEqual([second]);
		expect((await screeningQueue(third, call.id, queue('second'))).items.map(({ id, own }) => [id, own])).toEqual([[first, false]]);
		expect((await refusal(screenProposal(head, first, { ...reject, decide: true }))).code).toBe('proposal_no_disagreement');
		expect((await screenProposal(head, first, reject)).status).toBe('submitted');
		expect((await screeningQueue(third, call.id, queue('disagree'))).items.map(({ stand }) => stand)).toEqual(['disagree']);
		expect((await refusal(screenProposal(worker, first, { ...pass, reason: '可以', decide: true }))).kind).toBe('forbidden');
		expect((await screenProposal(third, first, pass)).status).toBe('passed');
		await screenProposal(worker, second, pass);
		await screenProposal(third, second, reject);
		expect((await refusal(screenProposal(head, second, { ...reject, decide: true }))).code).toBe('proposal_opinions_unread');
		expect((await refusal(openOpinions(worker, second))).kind).toBe('forbidden');
		expect((await openOpinions(head, second)).screening).toHaveLength(2);
		expect((await refusal(screenProposal(head, second, reject))).code).toBe('proposal_arbiter_decides');
		const decided = await screenProposal(head, second, { ...reject, decide: true });
		expect([decided.status, decided.screening.at(-1)?.deciding]).toEqual(['rejected', true]);
		const late = person('周启明', atStation('worker', street));
		for (const id of [first, second]) expect((await refusal(screenProposal(late, id, id === first ? reject : pass))).code).toBe('proposal_screening_settled');
		expect((await screenProposal(worker, first, reject)).status).toBe('rejected');
	});

	test('the queue is walked by number without its list, and an opinion can be taken back on the way', async () => {
		const call = await makeOpenCompetition(worker, street, 'walked');
		const ids: string[] = [];
		for (const name of ['一队', '二队', '三队']) {
			const { actor, proposal } = await applicant(call, name);
			await submitProposal(actor, proposal.id, { reason: '' });
			ids.push(proposal.id);
		}
		const [first = '', second = '', last = ''] = ids;
		const numberOf = async (id: string) => (await readProposal(worker, id)).proposal.number;
		const place = async (id: string) => screeningPlace(worker, call.id, { id, number: await numberOf(id) });
		expect(await place(second)).toEqual({ at: 2, of: 3, previous: first, next: last });
		await screenProposal(worker, second, { outcome: 'pass', checklist: ticks(call), reason: '', correctionDays: 3 });
		expect(await place(second)).toEqual({ at: null, of: 2, previous: first, next: last });
		expect(await place(last)).toEqual({ at: 2, of: 2, previous: first, next: null });
		const changed = await screenProposal(worker, second, { outcome: 'reject', checklist: {}, reason: '看漏了一条。', correctionDays: 3 });
		expect(changed.status).toBe('rejected');
	});

	test('opinions reach a second or third screener nowhere before theirs, nor a head who has not opened them', async () => {
		const call = await makeOpenCompetition(worker, street, 'unseen', { screeners: 2 });
		const { actor, proposal } = await applicant(call, '丙队');
		await submitProposal(actor, proposal.id, { reason: '' });
		const words = '首审的意见不外露';
		await screenProposal(worker, proposal.id, { outcome: 'reject', checklist: {}, reason: words, correctionDays: 3 });
		const everything = async (by: typeof head): Promise<string> => {
			const input = { status: '', track: '', search: '', sort: 'number' } as const;
			const whole: unknown[] = [];
			for await (const one of eachWholeProposal(by, call.id, input)) whole.push(one);
			for await (const row of eachProposal(by, call.id, input)) whole.push(row);
			const found = [await readProposal(by, proposal.id), await screeningQueue(by, call.id, queue('all')), await listProposals(by, call.id, proposalListSchema.parse({}))];
			const pass = { outcome: 'pass' as const, checklist: ticks(call), reason: '', correctionDays: 3 };
			const refused = await refusal(screenProposal(by, proposal.id, { ...pass, version: 999 }));
			return JSON.stringify([whole, found, refused.current]);
		};
		const kept = new RegExp(`${words}|"reject"|"outcome":"pass"`);
		for (const by of [head, third]) expect(await everything(by)).not.toMatch(kept);
		expect(await everything(worker)).toContain(words);
		const told = await screenProposal(third, proposal.id, { outcome: 'pass', checklist: ticks(call), reason: '', correctionDays: 3 });
		expect(told.screening.map(({ reason }) => reason)).toEqual([words, '']);
		const last = person('周启明', atStation('worker', street));
		for (const by of [head, last]) {
			expect((await readProposal(by, proposal.id)).stand).toBe('disagree');
			expect(await everything(by)).not.toMatch(kept);
		}
		await openOpinions(head, proposal.id);
		expect(await everything(head)).toContain(words);
		expect(await everything(last)).not.toMatch(kept);
		const own = { outcome: 'reject' as const, checklist: {}, reason: '材料对不上。', correctionDays: 3 };
		expect(await screenProposal(last, proposal.id, own)).toMatchObject({ status: 'rejected', screening: [{ reason: words }, { reason: '' }, { reason: '材料对不上。' }] });
	});

	test('two who read the same submission at once both count, and one who read an earlier one is told', async () => {
		const call = await makeOpenCompetition(worker, street, 'at-once', { screeners: 2 });
		const { actor, proposal } = await applicant(call, '同时队');
		await submitProposal(actor, proposal.id, { reason: '' });
		const pass = { outcome: 'pass' as const, checklist: ticks(call), reason: '', correctionDays: 3, submission: 1 };
		await Promise.all([screenProposal(worker, proposal.id, pass), screenProposal(third, proposal.id, pass)]);
		const { proposal: after } = await readProposal(head, proposal.id);
		expect([after.status, after.screening.length]).toEqual(['passed', 2]);
		expect((await refusal(screenProposal(worker, proposal.id, { ...pass, submission: 2 }))).kind).toBe('conflict');
	});

	test('outcomes are released to all at once, only when all are screened, and then stand', async () => {
		const call = await makeOpenCompetition(worker, street, 'released');
		const [good, bad] = [await applicant(call, '过了队'), await applicant(call, '没过队')];
		for (const { actor, proposal } of [good, bad]) await submitProposal(actor, proposal.id, { reason: '' });
		await screenProposal(worker, good.proposal.id, { outcome: 'pass', checklist: ticks(call), reason: '', correctionDays: 3 });
		expect((await refusal(releaseScreening(worker, call.id))).code).toBe('screening_release_not_now');
		clock.moveTo(new Date(call.timeline.closesAt.getTime() + 1000));
		expect((await refusal(releaseScreening(worker, call.id))).code).toBe('screening_release_open');
		await screenProposal(worker, bad.proposal.id, { outcome: 'reject', checklist: {}, reason: '超出范围。', correctionDays: 3 });
		expect((await readProposal(bad.actor, bad.proposal.id)).proposal).toMatchObject({ status: 'submitted', screening: [] });
		expect((await refusal(releaseScreening(good.actor, call.id))).kind).toBe('not_found');
		await Promise.all([releaseScreening(worker, call.id), releaseScreening(head, call.id)]);
		expect((await readProposal(bad.actor, bad.proposal.id)).proposal).toMatchObject({ status: 'rejected', screening: [{ reason: '超出范围。', byName: '' }] });
		expect(await codes(good.actor)).toContain('prop_passed');
		expect(await codes(bad.actor)).toContain('prop_rejected');
		expect((await refusal(screenProposal(worker, bad.proposal.id, { outcome: 'pass', checklist: ticks(call), reason: '', correctionDays: 3 }))).code).toBe('proposal_screening_over');
	});

	test('a correction can point at fields', async () => {
		const call = await makeOpenCompetition(worker, street, 'pointed');
		const { actor, proposal } = await applicant(call, '补正队');
		await submitProposal(actor, proposal.id, { reason: '' });
		await screenProposal(worker, proposal.id, { outcome: 'return', checklist: {}, reason: '', points: [{ field: 'answers.how', text: '写明每次去几户。' }, { field: 'title', text: '' }], correctionDays: 3 });
		const seen = (await readProposal(actor, proposal.id)).proposal;
		expect(seen.screening.at(-1)?.points).toEqual([{ field: 'answers.how', text: '写明每次去几户。' }]);
		const point = { field: 'answers.how', text: '写明每次去几户。' };
		await saveDraft(actor, proposal.id, { title: '换了题目', version: seen.version });
		expect(await correctionPoints(actor, proposal.id)).toEqual([{ ...point, changed: false }]);
		const { version } = (await readProposal(actor, proposal.id)).proposal;
		await saveDraft(actor, proposal.id, { answers: { how: '每次去十二户。' }, version });
		expect(await correctionPoints(actor, proposal.id)).toEqual([{ ...point, changed: true }]);
		await submitProposal(actor, proposal.id, { reason: '' });
		expect(await correctionPoints(actor, proposal.id)).toEqual([]);
		// After the call has closed the way is shut, and the pages know it.
		const late = await applicant(call, '迟到队');
		expect((await readProposal(late.actor, late.proposal.id)).tooLate).toBe(false);
		clock.moveTo(new Date(call.timeline.closesAt.getTime() + call.timeline.graceSeconds * 1000 + 1000));
		expect((await readProposal(late.actor, late.proposal.id)).tooLate).toBe(true);
		expect((await readProposal(actor, proposal.id)).tooLate).toBe(false);
	});
});

describe('what the platform knows', () => {
	test('begins empty answers and says where it comes from; what was written stays', async () => {
		const call = await makeOpenCompetition(worker, street, 'filled');
		const { id: group } = await makeGroup(street, '调研队');
		const leader = person('队长', inGroup('leader', group));
		for (const need of ['电动车乱停', '电动车乱停', '老人取药远'])
			await recordInterview(leader, group, interviewSchema.parse({ who: '住户', heldOn: '2026-03-05', notes: '聊了聊。', needs: [need] }));
		const draft = await createProposal(leader, call.id, { organization: group });
		expect(draft.answers.why).toContain('1. 电动车乱停（2 人提到）');
		expect(draft.origins.why).toEqual({ kind: 'survey', day: '2026-03-05', answers: 0, interviews: 3 });
		expect(draft.origins.who).toEqual({ kind: 'record' });
		const { version } = await saveDraft(leader, draft.id, { track: 'simple', answers: { why: '', who: '我们自己写的。' }, version: draft.version });
		expect(await fillable(leader, draft.id)).toEqual(['why']);
		expect(await fillDraft(leader, draft.id)).toBeGreaterThan(0);
		const { proposal } = await readProposal(leader, draft.id);
		expect(proposal.answers.who).toBe('我们自己写的。');
		expect(proposal.answers.why).toContain('老人取药远');
		const other = await refusal(saveDraft(person('队员', inGroup('member', group)), draft.id, { answers: { why: '旧页面上写的。' }, version }));
		expect(other.code).toBe('stale');
	});

	test('a proposal begins from one of the group’s ideas, and not from another group’s', async () => {
		const call = await makeOpenCompetition(worker, street, 'ideas');
		const { id: group } = await makeGroup(street, '点子队');
		const leader = person('队长', inGroup('leader', group));
		const idea = await recordEntry(leader, group, entrySchema.parse({ kind: 'idea', title: '楼道书架', need: '孩子放学没处看书。', who: '三楼的孩子', costFen: 150_000 }));
		const { id: other } = await makeGroup(street, '旁人队');
		const stranger = person('旁人', inGroup('leader', other));
		expect((await refusal(createProposal(stranger, call.id, { organization: other, idea: idea.id }))).kind).toBe('not_found');
		const draft = await createProposal(leader, call.id, { organization: group, idea: idea.id });
		expect(draft).toMatchObject({ title: '楼道书架', requested: 150_000, origins: { why: { kind: 'idea', title: '楼道书架' } } });
		expect(draft.answers.why).toContain('孩子放学没处看书。');
	});
});

describe('writing and sending', () => {
	test('two co-authors and a worker in one field at once: one stands, the others get both texts', async () => {
		const call = await makeOpenCompetition(worker, street, 'three');
		const { group, proposal } = await applicant(call, '三人队');
		const people = [person('甲', inGroup('leader', group)), person('乙', inGroup('member', group)), worker];
		const answers = await Promise.all(
			people.map((actor) => saveDraft(actor, proposal.id, { answers: { how: `${actor.name}写的。` }, version: proposal.version }).then(() => actor.name, (error: unknown) => error as { current: DraftConflict }))
		);
		const won = answers.filter((answer) => typeof answer === 'string');
		expect(won).toHaveLength(1);
		for (const answer of answers)
			if (typeof answer !== 'string') expect(answer.current.conflicts).toMatchObject([{ field: 'answers.how', theirs: `${won[0] as string}写的。`, byName: won[0] }]);
	});

	test('at the cap is in, one fen above is out, and a category is held to its share to the fen', async () => {
		const call = await makeOpenCompetition(worker, street, 'caps');
		const { actor, proposal } = await applicant(call, '上限队');
		const budget = (publicity: number) => [
			{ category: 'activity', item: '茶水', unit: '场', quantity: 1, unitPrice: 300_001 - publicity },
			{ category: 'publicity', item: '海报', unit: '批', quantity: 1, unitPrice: publicity }
		];
		const checked = async (requested: number, publicity: number) => {
			const { proposal: now } = await readProposal(actor, proposal.id);
			await saveDraft(actor, proposal.id, proposalPatchSchema.parse({ budget: budget(publicity), requested, selfRaised: 300_001 - requested, version: now.version }));
			return (await checkProposal(actor, proposal.id)).findings.filter(({ severity }) => severity === 'block').map(({ code }) => code);
		};
		const open = await checked(300_000, 30_000);
		expect(open.filter((code) => /cap/.test(code))).toEqual([]);
		expect(await checked(300_001, 30_000)).toContain('budget_requested_over_cap');
		expect(await checked(300_000, 30_001)).toContain('budget_category_over_cap');
	});

	test('ticks, days, numbers and tables are checked as the question says', async () => {
		const base = await makeOpenCompetition(worker, street, 'kinds');
		const track = settingsOf(base).tracks[0];
		if (!track) throw new Error('The defaults have a track.');
		const question = (key: string, type: string, more: object = {}) => ({ ...track.questions[0], key, type, label: key, source: 'none', required: true, options: [], ...more });
		const questions = [
			question('days', 'multiple', { options: ['周一', '周三'] }),
			question('begins', 'date'),
			question('people', 'number', { min: 5, max: 50 }),
			question('steps', 'table', { options: ['时间', '做什么'], maxLength: 30 })
		];
		const call = await makeOpenCompetition(worker, street, 'kinds-two', { tracks: [{ ...track, questions }] as never });
		const { id: group } = await makeGroup(street, '题型队');
		const leader = person('队长', inGroup('leader', group));
		const made = await createProposal(leader, call.id, { organization: group, track: 'simple' });
		const faults = async (answers: Record<string, string>) => {
			const { proposal } = await readProposal(leader, made.id);
			await saveDraft(leader, made.id, { answers, version: proposal.version });
			return (await checkProposal(leader, made.id)).findings.filter(({ path }) => path.startsWith('answers.')).map(({ path, code }) => [path.slice(8), code]);
		};
		expect(await faults({ days: '周一\n周五', begins: '2026-02-30', people: '4', steps: '三月 | 开会\n四月 | 清理楼道和公共储物点，请三十户一起来做' })).toEqual([
			['days', 'choose_one'],
			['begins', 'date'],
			['people', 'too_small'],
			['steps', 'too_long']
		]);
		expect(await faults({ days: '周一\n周三', begins: '2026-02-28', people: '50', steps: '三月 | 开会' })).toEqual([]);
	});
});

test('everybody who works somewhere sees public calls of other stations, and no drafts of theirs', async () => {
	const { street: far } = await makeStations('far');
	const runner = person('外站', atStation('worker', far));
	await makeOpenCompetition(runner, far, 'far-open');
	await createCompetition(runner, { station: far, slug: 'far-draft', title: '草稿' });
	const slugs = (await listCompetitions(worker, { limit: 100 }, true)).items.map(({ slug }) => slug);
	expect(slugs).toContain('far-open');
	expect(slugs).not.toContain('far-draft');
	expect((await listCompetitions(worker, { limit: 100 })).items.map(({ slug }) => slug)).not.toContain('far-open');
	const found = async (filter: Parameters<typeof listCompetitions>[3]) => (await listCompetitions(worker, { limit: 100 }, false, filter)).items.map(({ slug }) => slug);
	expect(await found({ search: 'PAIRED 公益' })).toEqual(['paired']);
	expect(await found({ search: '.*' })).toEqual([]);
	expect(await found({ view: 'running' })).toContain('paired');
	expect(await found({ view: 'over' })).not.toContain('paired');
});

describe('a worker who writes for a group', () => {
	const said = { person: '周桂兰', how: 'phone', on: '2020-05-06' } as const;

	test('says who of the group agreed, which stays with the proposal', async () => {
		const call = await makeOpenCompetition(worker, street, 'for-them');
		const { id: organization } = await makeGroup(street, '代录队');
		const begin = (consent: Parameters<typeof createProposal>[2]['consent']) => createProposal(worker, call.id, { organization, ...completeDraft('代录的项目'), consent });
		expect((await refusal(begin(null))).issues).toMatchObject([{ path: 'consent.person', code: 'proxy_consent_needed' }]);
		expect((await refusal(begin({ ...said, on: '2999-01-01' }))).issues).toMatchObject([{ path: 'consent.on', code: 'consent_in_future' }]);
		const { id, proxy, consent } = await begin(said);
		expect({ proxy, consent }).toMatchObject({ proxy: true, consent: { ...said, byName: '田晓舟', at: expect.any(Date) } });
		await submitProposal(worker, id, { reason: '', consent: null });
		expect((await readProposal(head, id)).proposal.consent).toMatchObject(said);
	});

	test('is asked at the latest on submitting; somebody of the group is not', async () => {
		const call = await makeOpenCompetition(worker, street, 'asked-later');
		const [one, two] = [await makeGroup(street, '先写队'), await makeGroup(street, '自己交队')];
		// Begun by a program that knows nothing of consent, as everything before it was asked.
		const [first, second] = [
			await createProposal(worker, call.id, { organization: one.id, ...completeDraft('先写的') }),
			await createProposal(worker, call.id, { organization: two.id, ...completeDraft('自己交的') })
		];
		expect(first.consent).toBeNull();
		expect((await refusal(submitProposal(worker, first.id, { reason: '', consent: null }))).issues[0]?.path).toBe('consent.person');
		await submitProposal(worker, first.id, { reason: '', consent: said });
		expect((await readProposal(worker, first.id)).proposal.consent).toMatchObject(said);
		const leader = person('自己交队长', inGroup('leader', two.id));
		expect((await submitProposal(leader, second.id, { reason: '', consent: null })).number).toMatch(/^asked-later-/);
	});
});
