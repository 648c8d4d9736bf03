import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { proposalPatchSchema } from '#lib/domain/proposals/schema.ts';
import { budgetTotal } from '#lib/domain/proposals/total.ts';
import { verifyAudit } from '#lib/server/modules/audit/index.ts';
import { transitionCompetition, transitionBlockers, type CompetitionView } from '#lib/server/modules/competitions/index.ts';
import {
	attachFile,
	checkProposal,
	createProposal,
	eachProposal,
	imposeSanction,
	importProposals,
	listProposals,
	openAttachment,
	ownProposals,
	passedProposals,
	proposalForJudging,
	proposalListSchema,
	proposalWork,
	readProposal,
	readReceipt,
	recordOutcomes,
	removeAttachment,
	reopenProposal,
	saveDraft,
	screenProposal,
	submissionHistory,
	submitProposal,
	withdrawProposal,
	type DraftConflict
} from '#lib/server/modules/proposals/index.ts';
import { controlledClock } from '../factories/clock.ts';
import {
	atStation,
	completeDraft,
	inGroup,
	makeGroup,
	makeOpenCompetition,
	makeStations,
	person,
	system,
	type User
} from '../factories/competitions.ts';
import { refusal } from '../factories/refusal.ts';
import { seatJudges } from '../factories/judging.ts';
import { openTestDatabase } from '../factories/store.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let clock: ReturnType<typeof controlledClock>;
let street: string;
let head: User;
let worker: User;
let group: { id: string; name: string };
let leader: User;
let member: User;
let call: CompetitionView;

const all = (input: Record<string, unknown> = {}) => proposalListSchema.parse(input);
const checklist = (competition: CompetitionView) => Object.fromEntries(competition.screeningChecklist.map(({ key }) => [key, true]));

afterEach(() => clock.moveTo(new Date()));

/** Another group with its leader, and a complete draft in the call. */
const applicant = async (competition: CompetitionView, name: string) => {
	const own = await makeGroup(street, name);
	const actor = person(`${name}队长`, inGroup('leader', own.id));
	const proposal = await createProposal(actor, competition.id, { organization: own.id, ...completeDraft(`${name}的项目`) });
	return { actor, group: own, proposal };
};

beforeAll(async () => {
	clock = controlledClock();
	database = await openTestDatabase();
	({ street } = await makeStations('gaoqiao'));
	head = person('宋雅琴', atStation('head', street));
	worker = person('田晓舟', atStation('worker', street));
	group = await makeGroup(street, '银龄送药队');
	leader = person('周桂芳', inGroup('leader', group.id));
	member = person('李秀珍', inGroup('member', group.id));
	call = await makeOpenCompetition(worker, street, 'summer');
});
afterAll(async () => {
	await database.close();
	clock.close();
});

describe('drafts', () => {
	test('a draft begins with what the platform knows of the group', async () => {
		const { id, answers, status, number, proxy } = await createProposal(leader, call.id, { organization: group.id });
		expect([status, number, proxy]).toEqual(['draft', null, false]);
		expect(answers.who).toContain('银龄送药队，现有队员 1 人');
		expect(answers.who).toContain('梅园社区');
		await withdrawProposal(leader, id, { reason: '' });
	});

	test('one proposal a group, however close the clicks', async () => {
		const attempts = await Promise.all(
			Array.from({ length: 6 }, () => createProposal(leader, call.id, { organization: group.id }).catch((error: unknown) => error as { code: string; current: { id: string } }))
		);
		const made = attempts.flatMap((attempt) => ('status' in attempt ? [attempt] : []));
		const refused = attempts.flatMap((attempt) => ('status' in attempt ? [] : [attempt]));
		expect(made).toHaveLength(1);
		expect(refused.map(({ code, current }) => [code, current.id])).toEqual(Array(5).fill(['proposal_exists', made[0]?.id]));
	});

	const own = async () => {
		const found = (await ownProposals(leader, { limit: 10 })).items.find(({ status }) => status === 'draft');
		if (!found) throw new Error('no draft');
		return found;
	};

	test('any half-typed state is saved, and one field leaves the others alone', async () => {
		const { id, version } = await own();
		const saved = await saveDraft(leader, id, proposalPatchSchema.parse({ title: '楼道', budget: [{ item: '保温袋' }], version }));
		expect(saved.version).toBe(version + 1);
		const { proposal } = await readProposal(leader, id);
		expect(proposal.title).toBe('楼道');
		expect(proposal.budget).toEqual([{ category: '', item: '保温袋', unit: '', quantity: 0, unitPrice: 0 }]);
		expect(proposal.answers.who).toContain('银龄送药队');
		expect(saved.check.findings.map(({ path }) => path)).toEqual(expect.arrayContaining(['track', 'budget[0].category', 'budget[0].quantity', 'requested', 'withinCharter']));
	});

	test('two editors of different fields are merged; of the same field both texts come back and nothing is lost', async () => {
		const { id, version: base } = await own();
		const first = await saveDraft(leader, id, { answers: { why: '老人取药难' }, version: base });
		const second = await saveDraft(member, id, { title: '楼道里的药箱', version: base });
		expect(second.version).toBe(first.version + 1);
		expect(second.others).toEqual({ 'answers.why': { value: '老人取药难', byName: '周桂芳' } });
		const clash = await refusal(saveDraft(member, id, { answers: { why: '取药要走四公里' }, requested: 100, version: base }));
		expect(clash.kind).toBe('conflict');
		expect((clash.current as DraftConflict).conflicts).toEqual([
			{ field: 'answers.why', mine: '取药要走四公里', theirs: '老人取药难', byName: '周桂芳' }
		]);
		const { proposal } = await readProposal(leader, id);
		expect([proposal.answers.why, proposal.title, proposal.requested]).toEqual(['老人取药难', '楼道里的药箱', 0]);
		const chosen = await saveDraft(member, id, { answers: { why: '取药要走四公里' }, version: proposal.version });
		expect(chosen.version).toBe(proposal.version + 1);
	});

	test('a plain form that sends every field back touches only what was changed in it', async () => {
		const { id } = await own();
		const { proposal, seals } = await readProposal(member, id);
		const base = proposal.version;
		await saveDraft(leader, id, { title: '新的题目', version: base });
		const { title, track, requested, answers } = proposal;
		await saveDraft(member, id, { title, track, requested, answers: { ...answers, how: '两人一组' }, version: base }, seals);
		expect((await readProposal(leader, id)).proposal).toMatchObject({ title: '新的题目', answers: { how: '两人一组' } });
	});

	test('eight saves at once of different answers all arrive', async () => {
		const { id, version } = await own();
		const keys = ['need', 'goals', 'plan', 'participation', 'risks', 'future', 'partners', 'change'];
		await Promise.all(keys.map((key) => saveDraft(leader, id, { answers: { [key]: `${key} 的回答` }, version }))).catch(() => {
			throw new Error('a save was refused');
		});
		const { proposal } = await readProposal(leader, id);
		expect(keys.map((key) => proposal.answers[key])).toEqual(keys.map((key) => `${key} 的回答`));
	});

	test('strangers and other groups find nothing, and unknown questions are refused', async () => {
		const { id, version } = await own();
		const other = person('别组队长', inGroup('leader', 'e'.repeat(24)));
		expect((await refusal(readProposal(other, id))).kind).toBe('not_found');
		expect((await refusal(saveDraft(other, id, { title: 'x', version }))).kind).toBe('not_found');
		expect((await refusal(saveDraft(leader, id, { answers: { hack: 'x' }, version }))).issues[0]?.path).toBe('answers.hack');
		expect((await refusal(submitProposal(member, id, { reason: '' }))).kind).toBe('forbidden');
	});
});

describe('attachments', () => {
	const pdf = new TextEncoder().encode('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
	test('a file that is not what it says is refused by its name', async () => {
		const { proposal, actor } = await applicant(call, '附件队');
		const wrong = await refusal(attachFile(actor, proposal.id, { name: '计划书.docx', bytes: pdf }));
		expect([wrong.kind, wrong.code, wrong.params.name]).toEqual(['unsupported_type', 'file_not_what_it_says', '计划书.docx']);
		const script = await refusal(attachFile(actor, proposal.id, { name: 'x.html', bytes: new TextEncoder().encode('<script>') }));
		expect(script.code).toBe('file_kind');
	});

	test('ten at most, even at once; removed ones are gone; others cannot open them', async () => {
		const { proposal, actor } = await applicant(call, '十件队');
		const uploads = await Promise.all(
			Array.from({ length: 12 }, (_, n) => attachFile(actor, proposal.id, { name: `附件${n}.pdf`, bytes: pdf }).catch((error: unknown) => error as { code: string }))
		);
		expect(uploads.filter((upload) => 'code' in upload).map((upload) => ('code' in upload ? upload.code : ''))).toEqual(['attachments_full', 'attachments_full']);
		const [file] = (await readProposal(actor, proposal.id)).proposal.attachments;
		if (!file) throw new Error('no file');
		expect((await openAttachment(actor, proposal.id, file.id)).type).toBe('application/pdf');
		expect((await refusal(openAttachment(leader, proposal.id, file.id))).kind).toBe('not_found');
		await removeAttachment(actor, proposal.id, file.id);
		expect((await readProposal(actor, proposal.id)).proposal.attachments).toHaveLength(9);
		expect((await refusal(openAttachment(actor, proposal.id, file.id))).kind).toBe('not_found');
	});
});

describe('submitting', () => {
	test('what is missing, over a cap or prohibited is told line by line', async () => {
		const own = await makeGroup(street, '超支队');
		const actor = person('队长', inGroup('leader', own.id));
		const draft = completeDraft();
		const { id } = await createProposal(actor, call.id, {
			organization: own.id,
			...draft,
			answers: { ...draft.answers, why: '' },
			requested: 300_001,
			budget: [
				{ category: 'activity', item: '笔记本电脑', unit: '台', quantity: 1, unitPrice: 350_000 },
				{ category: 'publicity', item: '海报', unit: '张', quantity: 20, unitPrice: 10_000 }
			]
		});
		const refused = await refusal(submitProposal(actor, id, { reason: '' }));
		expect(refused.kind).toBe('invalid');
		expect(refused.issues.map(({ path, code }) => [path, code])).toEqual([
			['answers.why', 'required'],
			['budget[0].item', 'budget_prohibited_item'],
			['budget', 'budget_category_over_cap'],
			['requested', 'budget_requested_over_cap']
		]);
		const { findings } = await checkProposal(actor, id);
		expect(findings.find(({ code }) => code === 'budget_single_purchase_over_cap')?.severity).toBe('warn');
	});

	test('pressing twice, or from two phones, gives one number; the next proposal gets the next', async () => {
		const { proposal, actor } = await applicant(call, '连点队');
		const receipts = await Promise.all(Array.from({ length: 5 }, () => submitProposal(actor, proposal.id, { version: proposal.version, reason: '' })));
		expect(new Set(receipts.map(({ number }) => number)).size).toBe(1);
		expect(receipts[0]?.number).toBe('summer-001');
		expect(receipts[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
		expect(await readReceipt(actor, proposal.id)).toEqual(receipts[0]);
		const next = await applicant(call, '后来队');
		expect((await submitProposal(next.actor, next.proposal.id, { reason: '' })).number).toBe('summer-002');
		expect((await submissionHistory(actor, proposal.id)).map(({ n }) => n)).toEqual([1]);
		expect((await refusal(saveDraft(actor, proposal.id, { title: '晚了', version: 9 }))).code).toBe('proposal_not_editable');
		expect((await verifyAudit(`competition:${call.id}`)).faults).toEqual([]);
	});

	test('what is submitted is what was checked: an edit in between is a conflict', async () => {
		const { proposal, actor } = await applicant(call, '改动队');
		await saveDraft(actor, proposal.id, { title: '又改了', version: proposal.version });
		expect((await refusal(submitProposal(actor, proposal.id, { version: proposal.version, reason: '' }))).code).toBe('stale');
	});

	test('one second late is late, the hidden grace apart, and the server’s time is told', async () => {
		const opened = new Date();
		clock.moveTo(opened);
		const at = (seconds: number) => new Date(opened.getTime() + seconds * 1000);
		const timeline = { announcesAt: null, opensAt: at(-60).toISOString(), closesAt: at(3600).toISOString(), graceSeconds: 30, scoringUntil: null };
		const timed = await makeOpenCompetition(worker, street, 'timed', { timeline }, opened);
		const inGrace = await applicant(timed, '压线队');
		const late = await applicant(timed, '迟到队');
		clock.moveTo(at(3600 + 29));
		expect((await submitProposal(inGrace.actor, inGrace.proposal.id, { reason: '' })).number).toBe('timed-001');
		clock.moveTo(at(3600 + 31));
		const refused = await refusal(submitProposal(late.actor, late.proposal.id, { reason: '' }));
		expect([refused.kind, refused.code]).toEqual(['conflict', 'proposal_late']);
		const shanghai = new Date(at(3600 + 31).getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
		expect(String(refused.params.time).slice(0, 16)).toBe(shanghai.slice(0, 16));
		expect((await readProposal(late.actor, late.proposal.id)).proposal.status).toBe('draft');
		await saveDraft(late.actor, late.proposal.id, { title: '还能存', version: late.proposal.version });
		clock.moveTo(new Date());
	});

	test('rules on who may apply count at submission, each with its reason', async () => {
		const strict = await makeOpenCompetition(worker, street, 'strict', {
			eligibility: { minStage: 'rule_making', minFiling: 'filed', hostAccepted: true, categories: ['sports'], catchment: [], onePerOrganization: true, noRepeatWinnerYears: 2 }
		});
		const { actor, group: own, proposal } = await applicant(strict, '新手队');
		await imposeSanction({ organization: own.id, until: new Date(Date.now() + 86_400_000), reason: '未报账', at: new Date(), by: null, key: 'test' });
		const refused = await refusal(submitProposal(actor, proposal.id, { reason: '' }));
		expect(refused.issues.map(({ code }) => code)).toEqual(['elig_stage_too_early', 'elig_filing_or_host_missing', 'elig_category_not_allowed', 'elig_under_sanction']);
	});

	test('last year’s winner waits', async () => {
		const { actor, proposal, group: own } = await applicant(call, '上届队');
		const before = await makeOpenCompetition(worker, street, 'before');
		const [won] = await importProposals(before.id, [
			{ organization: own.id, organizationName: own.name, station: street, stationPath: [street], status: 'passed', seq: 1, submittedAt: new Date(), createdAt: new Date(), createdBy: 'x', createdByName: '', ...completeDraft() }
		]);
		await recordOutcomes(before.id, [{ proposal: won ?? '', kind: 'fund', amount: 100_000 }], new Date());
		expect((await refusal(submitProposal(actor, proposal.id, { reason: '' }))).issues.map(({ code }) => code)).toEqual(['elig_recent_award']);
	});

	test('a withdrawn proposal makes room, and can be taken up again while the call is open', async () => {
		const { actor, proposal, group: own } = await applicant(call, '反复队');
		const { number } = await submitProposal(actor, proposal.id, { reason: '' });
		await withdrawProposal(actor, proposal.id, { reason: '再想想' });
		const again = await reopenProposal(actor, proposal.id);
		expect([again.status, again.number]).toEqual(['draft', number]);
		expect((await refusal(createProposal(actor, call.id, { organization: own.id }))).code).toBe('proposal_exists');
		expect(await submitProposal(actor, proposal.id, { reason: '' })).toMatchObject({ number, submission: 2 });
	});
});

describe('screening', () => {
	test('returned, corrected, compared, passed; the group learns the outcome when judging starts', async () => {
		const own = await makeOpenCompetition(worker, street, 'screened');
		const { actor, proposal } = await applicant(own, '补正队');
		const second = await applicant(own, '淘汰队');
		await submitProposal(actor, proposal.id, { reason: '' });
		await submitProposal(second.actor, second.proposal.id, { reason: '' });
		expect((await proposalWork(worker)).find(({ href }) => href.includes(own.id))).toMatchObject({ code: 'prop_screen', count: 2 });

		const open = await refusal(screenProposal(worker, proposal.id, { outcome: 'pass', checklist: {}, reason: '', correctionDays: 3 }));
		expect(open.issues[0]?.code).toBe('checklist_open');
		expect((await refusal(screenProposal(actor, proposal.id, { outcome: 'pass', checklist: {}, reason: '', correctionDays: 3 }))).kind).toBe('not_found');
		await screenProposal(worker, proposal.id, { outcome: 'return', checklist: {}, reason: '请写明每次去几户。', correctionDays: 3 });
		expect((await proposalWork(actor)).map(({ code }) => code)).toContain('prop_returned');
		const returned = (await readProposal(actor, proposal.id)).proposal;
		expect([returned.status, returned.screening[0]?.reason, returned.screening[0]?.byName]).toEqual(['returned', '请写明每次去几户。', '']);
		await saveDraft(actor, proposal.id, { answers: { how: '每周二、周五，两人一组送药上门。每次六户。' }, version: returned.version });
		expect(await submitProposal(actor, proposal.id, { reason: '' })).toMatchObject({ number: 'screened-001', submission: 2 });
		const history = await submissionHistory(worker, proposal.id);
		expect(history[1]?.changes.map(({ field, parts }) => [field, parts?.map(({ kind }) => kind)])).toEqual([['answers.how', ['same', 'added']]]);

		await screenProposal(worker, proposal.id, { outcome: 'pass', checklist: checklist(own), reason: '', correctionDays: 3 });
		await screenProposal(worker, second.proposal.id, { outcome: 'reject', checklist: {}, reason: '与在做项目重复。', correctionDays: 3 });
		expect((await readProposal(second.actor, second.proposal.id)).proposal).toMatchObject({ status: 'submitted', screening: [] });
		expect((await readProposal(worker, second.proposal.id)).proposal.status).toBe('rejected');

		clock.moveTo(new Date(own.timeline.closesAt.getTime() + 1000));
		expect((await transitionBlockers(worker, own.id, 'judging')).map(({ code }) => code)).toEqual(['judge_none_yet']);
		await seatJudges(worker, own.id, 'screened', { judges: 3, reviews: 3 });
		expect(await transitionBlockers(worker, own.id, 'judging')).toEqual([]);
		await transitionCompetition(worker, own.id, { to: 'judging', reason: '' });
		expect((await readProposal(second.actor, second.proposal.id)).proposal).toMatchObject({ status: 'rejected' });
		expect((await passedProposals(own.id)).map(({ number }) => number)).toEqual(['screened-001']);
		const judged = await proposalForJudging(proposal.id);
		expect(JSON.stringify(judged)).not.toContain('队长');
		expect((await refusal(proposalForJudging(second.proposal.id))).kind).toBe('not_found');
		clock.moveTo(new Date());
	});

	test('judging waits until everything is screened', async () => {
		const own = await makeOpenCompetition(worker, street, 'waiting');
		const { actor, proposal } = await applicant(own, '等待队');
		await submitProposal(actor, proposal.id, { reason: '' });
		clock.moveTo(new Date(own.timeline.closesAt.getTime() + 1000));
		expect(await transitionBlockers(worker, own.id, 'judging')).toContainEqual({
			code: 'comp_unscreened',
			params: { n: 1 },
			href: `/app/competitions/${own.id}/screening`
		});
		expect((await refusal(transitionCompetition(worker, own.id, { to: 'judging', reason: '' }))).code).toBe('step_blocked');
		clock.moveTo(new Date());
	});

	test('where two screeners are asked for, one person twice is still one', async () => {
		const own = await makeOpenCompetition(worker, street, 'paired', { screeners: 2 });
		const { actor, proposal } = await applicant(own, '双审队');
		await submitProposal(actor, proposal.id, { reason: '' });
		const pass = { outcome: 'pass' as const, checklist: checklist(own), reason: '', correctionDays: 3 };
		expect((await screenProposal(worker, proposal.id, pass)).status).toBe('submitted');
		expect((await screenProposal(worker, proposal.id, pass)).status).toBe('submitted');
		expect((await screenProposal(head, proposal.id, pass)).status).toBe('passed');
	});
});

describe('lists', () => {
	test('pages by any sort without gaps or doubles, filters, and exports the same rows', async () => {
		const own = await makeOpenCompetition(worker, street, 'listed', { eligibility: { ...call.eligibility, onePerOrganization: false } });
		await importProposals(
			own.id,
			Array.from({ length: 25 }, (_, n) => ({
				...completeDraft(`项目${n}（试）`),
				organization: group.id,
				organizationName: `队${n % 5}`,
				station: street,
				stationPath: [street],
				status: n % 3 === 0 ? ('passed' as const) : ('submitted' as const),
				seq: n + 1,
				requested: (n % 4) * 10_000 + 100,
				submittedAt: new Date(Date.now() + n),
				createdAt: new Date(),
				createdBy: leader.id,
				createdByName: leader.name
			}))
		);
		for (const sort of ['number', '-number', 'requested', '-requested', 'submitted', '-submitted']) {
			const seen: string[] = [];
			let cursor: string | undefined;
			do {
				const page = await listProposals(worker, own.id, all({ sort, limit: 7, cursor }));
				seen.push(...page.items.map(({ id }) => id));
				cursor = page.next ?? undefined;
			} while (cursor);
			expect(new Set(seen).size).toBe(25);
			expect(seen).toHaveLength(25);
		}
		expect((await listProposals(worker, own.id, all({ status: 'passed' }))).items).toHaveLength(9);
		expect((await listProposals(worker, own.id, all({ search: '项目7（' }))).items.map(({ title }) => title)).toEqual(['项目7（试）']);
		expect((await listProposals(worker, own.id, all({ search: '.*' }))).items).toEqual([]);
		const exported: (string | null)[] = [];
		for await (const row of eachProposal(worker, own.id, all({ status: 'passed' }))) exported.push(row.number);
		expect(exported.slice(0, 2)).toEqual(['listed-001', 'listed-004']);
		expect((await refusal(listProposals(leader, own.id, all()))).kind).toBe('not_found');
	});

	test('drafts are no organizer’s business', async () => {
		const own = await makeOpenCompetition(worker, street, 'quiet');
		const { proposal } = await applicant(own, '打草稿队');
		const observer = person('观察员', atStation('observer', 'd'.repeat(24)));
		expect((await listProposals(worker, own.id, all())).items).toEqual([]);
		expect((await refusal(readProposal(observer, proposal.id))).kind).toBe('not_found');
		expect((await readProposal(system, proposal.id)).proposal.status).toBe('draft');
	});

	test('amounts are whole fen', () => {
		expect(budgetTotal(completeDraft().budget)).toBe(200_000);
	});
});
