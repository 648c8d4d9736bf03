import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor, Grant } from '#lib/domain/accounts/types.ts';
import { addDays, dayOf } from '#lib/domain/shared/days.ts';
import { activitySchema, applicationSchema, memberSchema } from '#lib/domain/organizations/schema.ts';
import { interviewSchema, newSurveySchema, questionSchema, surveyPatchSchema } from '#lib/domain/surveys/schema.ts';
import type { QuestionInput } from '#lib/domain/surveys/types.ts';
import { createUser } from '#lib/server/modules/accounts/index.ts';
import {
	addMember,
	applyForIncubation,
	decideApplication,
	importOrganizations,
	listMembers,
	organizationGate,
	organizationOverview,
	organizationSatisfaction,
	organizationSeedSchema,
	readOrganization,
	recordActivity
} from '#lib/server/modules/organizations/index.ts';
import { createStation } from '#lib/server/modules/stations/index.ts';
import {
	arrangeQuestion,
	clearFlags,
	createSurvey,
	dropTemplate,
	editInterview,
	editSurvey,
	enterResponse,
	eraseContact,
	exportResponses,
	feedbackFormOf,
	importSurveys,
	keepAsTemplate,
	leaveOut,
	listInterviews,
	listResponses,
	listStationSurveys,
	listSurveys,
	nameNeeds,
	needSources,
	openFeedback,
	organizationNeeds,
	publicSurvey,
	rankedNeeds,
	readSurvey,
	recordInterview,
	respond,
	responseListSchema,
	restoreNeeds,
	saveQuestion,
	setInterviewRemoved,
	setSurveyRemoved,
	settleFigures,
	surveyResults,
	surveyWork,
	templatesFor
} from '#lib/server/modules/surveys/index.ts';
import { database } from '#lib/server/platform/db/index.ts';
import { controlledClock } from '../factories/clock.ts';
import { refusal } from '../factories/refusal.ts';
import { openTestDatabase } from '../factories/store.ts';

type User = Extract<Actor, { kind: 'user' }>;
const stranger: Actor = { kind: 'anonymous' };
const page = { limit: 50 };
const today = dayOf(new Date());
const hex = (): string => Array.from({ length: 24 }, () => Math.floor(Math.random() * 16).toString(16)).join('');

let opened: Awaited<ReturnType<typeof openTestDatabase>>;
let clock: ReturnType<typeof controlledClock>;
let street: string;
let group: string;
let head: User;
let worker: User;
let leader: User;
let core: User;
let member: User;
let observer: User;
let elsewhere: User;

const at = (role: Grant['role'], scopeId: string): Grant => ({ role, scopeKind: 'station', scopeId });
const inGroup = (role: Grant['role']): Grant => ({ role, scopeKind: 'organization', scopeId: group });
const person = async (name: string, shortName: string, grants: Grant[]): Promise<User> => {
	const { id } = await createUser({ name, shortName, password: 'garden-2026', grants });
	return { kind: 'user', id, name, grants };
};

let phones = 0;
const newGroup = async (name: string): Promise<string> => {
	phones += 1;
	const input = applicationSchema.parse({
		name,
		category: 'mutual_aid',
		station: street,
		purpose: '帮邻居的忙。',
		memberCount: 6,
		applicantName: '队长',
		applicantPhone: `1380000${String(1000 + phones)}`,
		consent: true
	});
	const { id } = await applyForIncubation(worker, input, { address: '', proxy: true });
	await decideApplication(head, id, { action: 'accept', reason: '', mentor: worker.id, secondMentor: '', version: 0 });
	return id;
};

beforeAll(async () => {
	clock = controlledClock();
	opened = await openTestDatabase();
	const system: Actor = { kind: 'system', name: 'test' };
	const station = (slug: string, level: 'city' | 'street', parent: string | null) =>
		createStation(system, { name: slug, slug, level, parent, operator: '', mode: 'in_house', address: '', phone: '', intro: '', communities: [] });
	const city = (await station('qinghe-city', 'city', null)).id;
	street = (await station('gaoqiao', 'street', city)).id;
	const other = (await station('weibin', 'street', city)).id;
	head = await person('宋站长', 'head', [at('head', street)]);
	worker = await person('田社工', 'worker', [at('worker', street)]);
	observer = await person('看客', 'observer', [at('observer', city)]);
	elsewhere = await person('外站社工', 'elsewhere', [at('worker', other)]);
	group = await newGroup('楼道帮帮队');
	leader = await person('沈队长', 'shen', [inGroup('leader')]);
	member = await person('杜组员', 'du', [inGroup('member')]);
	core = await person('贺骨干', 'he', [inGroup('member')]);
	const { id } = await addMember(worker, group, memberSchema.parse({ name: '贺骨干', role: 'core', joinedOn: today }));
	await database().collection('members').updateOne({ name: '贺骨干' }, { $set: { userId: core.id } });
	expect(id).toMatch(/^[0-9a-f]{24}$/);
});
afterAll(async () => {
	await opened.close();
	clock.close();
});

const question = (more: Record<string, unknown>): QuestionInput => questionSchema.parse(more);
const options = (...labels: string[]) => labels.map((label) => ({ label }));
const troubles = question({ key: 'troubles', type: 'multiple', label: '最愁什么', required: true, asksNeeds: true, options: options('停车', '看病', '噪音', '其他') });
const story = question({ key: 'story', type: 'text', label: '说说看' });
const contact = question({ key: 'contact', type: 'contact', label: '联系方式' });

const draft = async (organization = group, questions = [troubles, story, contact]): Promise<{ id: string; token: string }> => {
	const { id } = await createSurvey(worker, { organization }, newSurveySchema.parse({ title: '楼里的事', questions }));
	return { id, token: (await readSurvey(worker, id)).survey.token };
};
const patch = async (id: string, more: Record<string, unknown>, actor: Actor = worker) =>
	editSurvey(actor, id, surveyPatchSchema.parse({ version: (await readSurvey(worker, id)).survey.version, ...more }));
const open = async (organization = group, questions = [troubles, story, contact]) => {
	const survey = await draft(organization, questions);
	await patch(survey.id, { state: 'open' });
	return survey;
};
let addresses = 0;
const send = (token: string, answers: Record<string, unknown>, more: { device?: string; another?: boolean; entry?: string; revision?: number; contact?: object; address?: string } = {}) =>
	respond(
		token,
		{ answers, contact: more.contact ?? {}, revision: more.revision ?? 0, entry: more.entry ?? hex(), another: more.another ?? false },
		{ device: more.device ?? hex(), address: more.address ?? `10.0.${Math.floor((addresses += 1) / 200)}.${addresses % 200}` }
	);
const criterion = async (organization: string, key: string) => (await organizationGate(worker, organization)).criteria.find((one) => one.key === key);

describe('who may', () => {
	test('the group’s leader and core members, and workers of its station make surveys; others see or not even that', async () => {
		const make = (actor: Actor) => createSurvey(actor, { organization: group }, newSurveySchema.parse({ template: 'needs' }));
		for (const actor of [worker, head, leader, core]) expect((await make(actor)).id).toMatch(/^[0-9a-f]{24}$/);
		for (const actor of [member, observer]) expect((await refusal(make(actor))).kind).toBe('forbidden');
		for (const actor of [elsewhere, stranger]) expect((await refusal(make(actor))).kind).toBe('not_found');
		const { id } = await open();
		expect((await readSurvey(observer, id)).rights).toEqual({ manage: false, contacts: false, names: false, keepTemplate: false });
		expect((await readSurvey(core, id)).rights).toEqual({ manage: true, contacts: false, names: false, keepTemplate: false });
		expect((await readSurvey(leader, id)).rights).toEqual({ manage: true, contacts: false, names: true, keepTemplate: false });
		expect((await refusal(readSurvey(elsewhere, id))).kind).toBe('not_found');
		expect((await refusal(surveyResults(stranger, id))).kind).toBe('not_found');
		expect((await refusal(enterResponse(member, id, { answers: { troubles: ['o1'] }, contact: {} }, 'paper'))).kind).toBe('forbidden');
	});

	test('a station asks its whole community, which is nobody’s evidence', async () => {
		const { id } = await createSurvey(worker, { station: street }, newSurveySchema.parse({ template: 'needs' }));
		const { survey } = await readSurvey(observer, id);
		expect(survey).toMatchObject({ organization: null, state: 'draft', kind: 'needs' });
		expect((await refusal(createSurvey(leader, { station: street }, newSurveySchema.parse({ template: 'needs' })))).kind).toBe('not_found');
		await patch(id, { state: 'open' });
		await enterResponse(worker, id, { answers: { age: 'o3', years: 'o2', troubles: ['o1'] }, contact: {} }, 'paper');
		expect((await surveyResults(head, id)).survey.responses).toBe(1);
		expect((await listStationSurveys(head, street, page)).items.map((one) => one.id)).toEqual([id]);
		expect((await refusal(listStationSurveys(leader, street, page))).kind).toBe('not_found');
	});
});

describe('answering by the link', () => {
	test('needs no account, counts at once, and a repeated press is one answer', async () => {
		const own = await newGroup('一号队');
		const { id, token } = await open(own);
		const entry = hex();
		await send(token, { troubles: ['o1', 'o2'], story: '楼道太黑' }, { entry });
		await send(token, { troubles: ['o1', 'o2'], story: '楼道太黑' }, { entry });
		expect((await surveyResults(worker, id)).survey.responses).toBe(1);
		expect(await criterion(own, 'survey')).toMatchObject({ figure: 1, target: 30, met: false, evidence: [{ kind: 'survey', id, label: '楼里的事' }] });
		expect((await readOrganization(worker, own)).lastEvidenceAt >= new Date(`${today}T00:00:00+08:00`)).toBe(true);
	});

	test('a draft is not there, a closed one says so and loses nothing that was on its way', async () => {
		const { id, token } = await draft();
		expect((await refusal(publicSurvey(stranger, token, ''))).kind).toBe('not_found');
		expect((await refusal(send(token, { troubles: ['o1'] }))).kind).toBe('not_found');
		expect((await publicSurvey(worker, token, '')).state).toBe('preview');
		await patch(id, { state: 'open', closesOn: today });
		const entry = hex();
		await send(token, { troubles: ['o1'] }, { entry });
		await patch(id, { state: 'closed' });
		expect((await publicSurvey(stranger, token, '')).state).toBe('closed');
		expect((await refusal(send(token, { troubles: ['o1'] }))).code).toBe('survey_closed');
		await send(token, { troubles: ['o1'] }, { entry });
		expect((await surveyResults(worker, id)).survey.responses).toBe(1);
	});

	test('the last day is a day of answers, the next is not', async () => {
		const { id, token } = await open();
		await patch(id, { closesOn: addDays(today, 1) });
		clock.moveTo(new Date(`${addDays(today, 1)}T23:59:00+08:00`));
		await send(token, { troubles: ['o1'] });
		clock.moveTo(new Date(`${addDays(today, 2)}T00:01:00+08:00`));
		expect((await refusal(send(token, { troubles: ['o1'] }))).code).toBe('survey_closed');
		expect((await readSurvey(worker, id)).survey.state).toBe('closed');
		clock.moveTo(new Date());
	});

	test('refuses unknown options, unknown questions, text too long and operators, naming the field', async () => {
		const { token } = await open();
		const wrong = async (answers: Record<string, unknown>) => (await refusal(send(token, answers))).issues.map(({ path, code }) => `${path} ${code}`);
		expect(await wrong({ troubles: ['o9'] })).toEqual(['answers.troubles choose_one']);
		expect(await wrong({ troubles: { $gt: '' } })).toEqual(['answers.troubles choose_one']);
		expect(await wrong({ troubles: ['o1'], story: 'x'.repeat(2001) })).toEqual(['answers.story too_long']);
		expect(await wrong({ troubles: ['o1'], hack: 'x' })).toEqual(['answers.hack unknown_question']);
		expect(await wrong({})).toEqual(['answers.troubles required']);
		expect((await refusal(send(token, { troubles: ['o1'] }, { contact: { name: '韩', phone: '13800001111' } }))).issues[0]?.code).toBe('contact_consent');
		expect((await refusal(send('nosuchtoken', { troubles: ['o1'] }))).kind).toBe('not_found');
		expect((await refusal(send('{"$gt":""}', { troubles: ['o1'] }))).kind).toBe('not_found');
	});

	test('a device answers once, unless somebody else holds it now', async () => {
		const { id, token } = await open();
		const device = hex();
		await send(token, { troubles: ['o1'] }, { device });
		expect((await publicSurvey(stranger, token, device)).answered).toBe(true);
		expect((await publicSurvey(stranger, token, hex())).answered).toBe(false);
		expect((await refusal(send(token, { troubles: ['o2'] }, { device }))).code).toBe('answered_already');
		await send(token, { troubles: ['o2'] }, { device, another: true });
		expect((await surveyResults(worker, id)).survey.responses).toBe(2);
	});

	test('a shared phone that is too quick waits a minute, not longer; others are not held up', async () => {
		const { token } = await open();
		const device = hex();
		for (let turn = 0; turn < 4; turn += 1) await send(token, { troubles: ['o1'] }, { device, another: true });
		const held = await refusal(send(token, { troubles: ['o1'] }, { device, another: true }));
		expect(held.kind).toBe('rate_limited');
		expect(held.retryAfter).toBeGreaterThan(0);
		expect(held.retryAfter).toBeLessThanOrEqual(60);
		await send(token, { troubles: ['o1'] });
	});

	test('a flood from one address is held back', async () => {
		const { id, token } = await open();
		const results = await Promise.allSettled(Array.from({ length: 70 }, () => send(token, { troubles: ['o1'] }, { address: '172.16.0.1' })));
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(60);
		expect((await surveyResults(worker, id)).survey.responses).toBe(60);
	});

	test('duplicates are flagged and kept; a person decides', async () => {
		const own = await newGroup('二号队');
		const { id, token } = await open(own);
		const device = hex();
		await send(token, { troubles: ['o1'], story: '楼道太黑' }, { address: '10.9.9.9' });
		await send(token, { troubles: ['o1'], story: '楼道太黑' }, { address: '10.9.9.9' });
		await send(token, { troubles: ['o2'] }, { device });
		await send(token, { troubles: ['o2'] }, { device, another: true });
		await send(token, { troubles: ['o3'] }, { contact: { phone: '13800002222', consent: 'on' } });
		await send(token, { troubles: ['o2'] }, { contact: { phone: '13800002222', consent: 'on' } });
		const flagged = await listResponses(worker, id, responseListSchema.parse({ show: 'flagged' }));
		expect(flagged.items.map(({ flags }) => flags)).toEqual([['same_phone'], ['same_answers'], ['same_answers']]);
		const results = await surveyResults(worker, id);
		expect(results).toMatchObject({ flagged: 3, leftOut: 0 });
		expect(results.survey.responses).toBe(6);
		const [phone, double, same] = flagged.items;
		if (!phone || !double || !same) throw new Error('three are flagged');
		await clearFlags(worker, id, phone.id);
		expect((await refusal(leaveOut(observer, id, same.id, { leftOut: true, reason: '重复' }))).kind).toBe('forbidden');
		await leaveOut(worker, id, same.id, { leftOut: true, reason: '同一个人填了两次' });
		expect(await surveyResults(worker, id)).toMatchObject({ flagged: 1, leftOut: 1, survey: { responses: 5 } });
		expect(await criterion(own, 'survey')).toMatchObject({ figure: 5 });
		await leaveOut(worker, id, same.id, { leftOut: false, reason: '' });
		expect(await criterion(own, 'survey')).toMatchObject({ figure: 6 });
	});

	test('numbers are for those who may call, and go when their owner asks', async () => {
		const { id, token } = await open();
		await send(token, { troubles: ['o1'] }, { contact: { name: '韩阿姨', phone: '13800003333', consent: 'on' } });
		const seen = async (actor: Actor) => (await listResponses(actor, id, responseListSchema.parse({}))).items[0];
		expect((await seen(worker))?.contact).toEqual({ name: '韩阿姨', phone: '13800003333' });
		for (const actor of [leader, core, observer]) expect(await seen(actor)).toMatchObject({ contact: null, hasContact: true });
		expect((await exportResponses(observer, id)).rows[0]?.contact).toBeNull();
		await eraseContact(worker, id, (await seen(worker))?.id ?? '');
		expect(await seen(worker)).toMatchObject({ contact: null, hasContact: false, answers: { troubles: ['o1'] } });
	});
});

describe('a form that changes', () => {
	test('keeps what was answered beside the words it was answered to', async () => {
		const { id, token } = await open();
		await send(token, { troubles: ['o1'], story: '太黑' });
		await saveQuestion(worker, id, 'troubles', { ...troubles, options: [{ key: '', label: '停车' }, { key: '', label: '电梯' }] }, (await readSurvey(worker, id)).survey.version);
		const { survey } = await readSurvey(worker, id);
		expect(survey.questions.map(({ key }) => key)).toEqual(['q1', 'story', 'contact']);
		expect(survey.retired.map(({ key }) => key)).toEqual(['troubles']);
		// One phone still shows the first form; what it sends is taken as it was asked.
		await send(token, { troubles: ['o2'] }, { revision: 0 });
		await send(token, { q1: ['o1'] }, { revision: survey.revision });
		const results = await surveyResults(worker, id);
		expect(results.questions.map(({ question: { key }, answered, retired }) => [key, answered, retired])).toEqual([
			['q1', 1, false],
			['story', 1, false],
			['troubles', 2, true]
		]);
	});

	test('two people editing at once: the second is told and nothing is overwritten', async () => {
		const { id } = await draft();
		const { version } = (await readSurvey(worker, id)).survey;
		await arrangeQuestion(worker, id, 'story', 'up', version);
		const late = await refusal(saveQuestion(leader, id, null, question({ type: 'text', label: '还有呢' }), version));
		expect(late).toMatchObject({ kind: 'conflict', code: 'stale' });
		expect((late.current as { questions: { key: string }[] }).questions.map(({ key }) => key)).toEqual(['story', 'troubles', 'contact']);
	});

	test('is kept as the station’s own template, which only its workers do, and starts another survey', async () => {
		const { id } = await draft();
		expect((await refusal(keepAsTemplate(leader, id))).kind).toBe('forbidden');
		await keepAsTemplate(worker, id);
		await keepAsTemplate(head, id);
		const own = (await templatesFor(street)).filter(({ key }) => key !== 'needs');
		expect(own.map(({ title, questions }) => [title, questions.length])).toEqual([['楼里的事', 3]]);
		const template = own[0]?.key ?? '';
		const { id: made } = await createSurvey(leader, { organization: group }, newSurveySchema.parse({ template }));
		expect((await readSurvey(leader, made)).survey).toMatchObject({ title: '楼里的事', state: 'draft', questions: [{ key: 'troubles', asksNeeds: true }, { key: 'story' }, { key: 'contact' }] });
		expect((await refusal(dropTemplate(elsewhere, street, template))).kind).toBe('not_found');
		await dropTemplate(worker, street, template);
		expect(await templatesFor(street)).toHaveLength(1);
		expect((await refusal(createSurvey(leader, { organization: group }, newSurveySchema.parse({ template })))).issues[0]?.code).toBe('choose_one');
	});

	test('cannot be opened without questions, nor go back to a draft', async () => {
		const { id } = await createSurvey(worker, { organization: group }, newSurveySchema.parse({ title: '空的' }));
		expect((await refusal(patch(id, { state: 'open' }))).code).toBe('survey_without_questions');
		await patch(id, { questions: [troubles] });
		await patch(id, { state: 'open' });
		expect((await refusal(patch(id, { state: 'draft' }))).issues[0]?.code).toBe('survey_no_way_back');
		expect((await refusal(patch(id, { questions: [] }))).code).toBe('survey_without_questions');
		expect((await refusal(patch(id, { questions: [contact, { ...contact, key: 'second' }, troubles] }))).issues[0]?.code).toBe('one_contact');
	});
});

describe('paper', () => {
	test('is typed by numbers, names who typed it, and may come late', async () => {
		const { id } = await open();
		await patch(id, { state: 'closed' });
		const entry = hex();
		const typed = { answers: { troubles: '1 3', story: '晚上太吵' }, contact: {} };
		await enterResponse(leader, id, typed, 'typed', entry);
		await enterResponse(leader, id, typed, 'typed', entry);
		const { items } = await listResponses(worker, id, responseListSchema.parse({ q: '太吵' }));
		expect(items).toMatchObject([{ source: 'paper', enteredBy: '沈队长', answers: { troubles: ['o1', 'o3'] }, flags: [] }]);
		expect((await listResponses(worker, id, responseListSchema.parse({ q: '.*' }))).items).toEqual([]);
		expect((await refusal(enterResponse(worker, id, { answers: { troubles: '8' }, contact: {} }, 'typed'))).issues[0]).toMatchObject({ path: 'answers.troubles', code: 'no_such_number' });
	});
});

describe('interviews and needs', () => {
	const talk = (needs: string[], more: object = {}) => interviewSchema.parse({ who: '独居老人', heldOn: today, notes: '说了很多。', needs, ...more });

	test('a talk counts, finds people for the roster, and can be taken back', async () => {
		const own = await newGroup('三号队');
		const entry = hex();
		const input = talk(['停车', '看病'], { prospective: 'on', prospectiveName: '热心的老周' });
		await recordInterview(worker, own, input, entry);
		await recordInterview(worker, own, input, entry);
		expect((await listMembers(worker, own, page)).items.map(({ name, prospective }) => `${name} ${prospective}`).sort()).toEqual(['热心的老周 true', '队长 true'].sort());
		expect(await criterion(own, 'prospective_core')).toMatchObject({ figure: 2 });
		for (let turn = 0; turn < 4; turn += 1) await recordInterview(worker, own, talk(['停车', turn % 2 ? '噪音' : '看病']));
		expect(await criterion(own, 'survey')).toMatchObject({ met: true, figure: 5, target: 5 });
		expect(await criterion(own, 'needs_ranked')).toMatchObject({ met: true, figure: 3 });
		const { items } = await listInterviews(worker, own, page);
		const last = items[0];
		if (!last) throw new Error('five talks');
		await editInterview(worker, own, last.id, talk(['电梯']), last.version);
		expect((await refusal(editInterview(worker, own, last.id, talk([]), last.version))).code).toBe('stale');
		await setInterviewRemoved(worker, own, last.id, true);
		expect(await criterion(own, 'survey')).toMatchObject({ met: false, figure: 4 });
		await setInterviewRemoved(worker, own, last.id, false);
		expect(await criterion(own, 'survey')).toMatchObject({ met: true, figure: 5 });
	});

	test('names are kept with consent only, and shown to few', async () => {
		const own = await newGroup('四号队');
		expect(interviewSchema.safeParse({ who: '租户', heldOn: today, notes: 'x', name: '秦师傅' }).error?.issues[0]?.message).toBe('name_consent');
		await recordInterview(worker, own, talk([], { name: '秦师傅', nameConsent: 'on' }));
		expect((await listInterviews(worker, own, page)).items[0]?.name).toBe('秦师傅');
		expect((await listInterviews(observer, own, page)).items[0]?.name).toBe('秦**');
		expect((await refusal(recordInterview(worker, own, { ...talk([]), heldOn: addDays(today, 1) }))).issues[0]?.code).toBe('day_in_future');
	});

	test('needs merge and come apart, each figure opening its records, and the gate follows', async () => {
		const own = await newGroup('五号队');
		const { id, token } = await open(own);
		await send(token, { troubles: ['o1', 'o3'], story: '夜里有人放音响' });
		await send(token, { troubles: ['o1', 'o2'] });
		await recordInterview(worker, own, talk(['停车']));
		expect((await rankedNeeds(own)).map(({ label, count }) => [label, count])).toEqual([['停车', 3], ['噪音', 1], ['看病', 1]]);
		expect(await criterion(own, 'needs_ranked')).toMatchObject({ met: true, figure: 3 });
		await nameNeeds(worker, own, { needs: ['停车', '噪音'], to: '院子里的规矩' });
		const [first] = (await organizationNeeds(worker, own)).needs;
		expect(first).toMatchObject({ label: '院子里的规矩', count: 3, answers: 2, interviews: 1 });
		expect(await criterion(own, 'needs_ranked')).toMatchObject({ met: false, figure: 2 });
		const { sources } = await needSources(worker, own, first?.key ?? '');
		expect(sources.map(({ kind, survey }) => [kind, survey]).sort()).toEqual([['answer', id], ['answer', id], ['interview', null]]);
		expect(sources.map(({ words }) => words)).toContain('夜里有人放音响');
		await restoreNeeds(worker, own, ['停车', '噪音']);
		await nameNeeds(worker, own, { needs: ['看病'], to: '' });
		expect(await organizationNeeds(worker, own)).toMatchObject({ needs: [{ label: '停车' }, { label: '噪音' }], leftOut: [{ label: '看病', count: 1 }] });
		expect((await refusal(nameNeeds(observer, own, { needs: ['停车'], to: '' }))).kind).toBe('forbidden');
	});
});

describe('the gate', () => {
	const answers = [['o1'], ['o1', 'o2'], ['o3']];
	test('is a function of the records: the order of entry changes nothing, taking them away opens it again', async () => {
		const [one, two] = [await newGroup('甲队'), await newGroup('乙队')];
		const [first, second] = [await open(one), await open(two)];
		const steps = [
			...Array.from({ length: 30 }, (_, index) => (id: string, _organization: string) => enterResponse(worker, id, { answers: { troubles: answers[index % 3] }, contact: {} }, 'paper')),
			(_id: string, organization: string) => recordInterview(worker, organization, interviewSchema.parse({ who: '租户', heldOn: today, notes: 'x', needs: ['电梯'] })),
			(_id: string, organization: string) => nameNeeds(worker, organization, { needs: ['噪音'], to: '安静' })
		];
		for (const step of steps) await step(first.id, one);
		for (const step of [...steps].reverse()) await step(second.id, two);
		const shape = async (organization: string) =>
			(await organizationGate(worker, organization)).criteria.map(({ key, met, figure, measures }) => ({ key, met, figure, figures: measures.map((measure) => measure.figure) }));
		expect(await shape(one)).toEqual(await shape(two));
		expect(await criterion(one, 'survey')).toMatchObject({ met: true, figure: 30 });
		expect((await organizationOverview(worker, one)).gate?.criteria.find(({ key }) => key === 'needs_ranked')?.evidence.map(({ label }) => label)).toEqual(['停车 · 20', '安静 · 10', '电梯 · 1', '看病 · 10']);
		await setSurveyRemoved(worker, first.id, true);
		expect(await criterion(one, 'survey')).toMatchObject({ met: false });
		expect((await listSurveys(worker, one, page)).items).toEqual([]);
		await setSurveyRemoved(worker, first.id, false);
		expect(await criterion(one, 'survey')).toMatchObject({ met: true, figure: 30 });
	});

	test('answers that come all at once are all counted', async () => {
		const own = await newGroup('丙队');
		const { id } = await open(own);
		await Promise.all(Array.from({ length: 32 }, () => enterResponse(worker, id, { answers: { troubles: ['o1'] }, contact: {} }, 'paper')));
		expect(await criterion(own, 'survey')).toMatchObject({ met: true, figure: 32 });
	});

	test('figures lost to a crash are found again', async () => {
		const own = await newGroup('丁队');
		const { id } = await open(own);
		await enterResponse(worker, id, { answers: { troubles: ['o1'] }, contact: {} }, 'paper');
		// As if the process had died between writing the answer and counting it.
		await database().collection('organization_asked').deleteMany({});
		await database().collection('need_books').updateMany({}, { $set: { stale: true } });
		expect(await criterion(own, 'survey')).toMatchObject({ figure: 0 });
		await settleFigures();
		expect(await criterion(own, 'survey')).toMatchObject({ figure: 1 });
	});
});

describe('feedback on an activity', () => {
	test('one tap opens the form, its answers make the satisfaction of the activity and the gate', async () => {
		const own = await newGroup('戊队');
		const { id: activity } = await recordActivity(worker, own, activitySchema.parse({ title: '春日茶会', heldOn: today, organizer: 'group', feedbackCount: 2, satisfiedCount: 2 }));
		expect(await feedbackFormOf(worker, own, activity)).toBeNull();
		const { id } = await openFeedback(head, own, activity);
		expect((await openFeedback(worker, own, activity)).id).toBe(id);
		const { survey } = await readSurvey(worker, id);
		expect(survey).toMatchObject({ state: 'open', kind: 'feedback', activity });
		for (const satisfied of [5, 4, 2]) await send(survey.token, { satisfied, useful: 'o1', again: 'o1', improve: '茶再热一点' });
		expect(await surveyResults(worker, id)).toMatchObject({ satisfied: { count: 2, of: 3 } });
		expect((await surveyResults(worker, id)).questions.find(({ question: { key } }) => key === 'improve')?.texts).toHaveLength(3);
		// Feedback asks about the day, not about needs: the first gate is not moved.
		expect(await criterion(own, 'survey')).toMatchObject({ figure: 0 });
		const asked = await database().collection<{ _id: string; feedback: unknown }>('organization_asked').findOne({ _id: own });
		expect(asked?.feedback).toEqual([{ activity, count: 3, satisfied: 2 }]);
		expect(await organizationSatisfaction(worker, own)).toEqual({ activities: 1, forms: 5, satisfied: 4 });
		expect((await refusal(openFeedback(observer, own, activity))).kind).toBe('forbidden');
		expect((await refusal(openFeedback(worker, own, hex()))).kind).toBe('not_found');
	});
});

test('an open survey with few answers near its last day is work for the leader and the mentor', async () => {
	const { id } = await open();
	await patch(id, { closesOn: addDays(today, 5) });
	const codes = async (actor: Actor) => (await surveyWork(actor)).filter(({ href }) => href.endsWith(id)).map(({ code, params }) => [code, params.count]);
	for (const actor of [leader, worker, head]) expect(await codes(actor)).toEqual([['survey_few', 0]]);
	for (const actor of [elsewhere, observer, stranger]) expect(await codes(actor)).toEqual([]);
});

test('the demo data bring in exactly what they say, in time for the gates that were passed on it', async () => {
	const folder = 'seeds/demo/organizations';
	const seeds = readdirSync(folder)
		.flatMap((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as unknown[])
		.map((seed) => organizationSeedSchema.parse(seed));
	const station = { id: street, path: [street], slug: 'gaoqiao' };
	const user = (key: string) => (key === 'worker' ? { id: worker.id, name: worker.name } : null);
	const ids = await importOrganizations(seeds, { today, station: () => station, user, userByPhone: () => null, feedbackForms: true });
	const loaded = await importSurveys(seeds, { today, station: () => station, user });
	expect(loaded.surveys).toBeGreaterThan(30);
	expect(await importSurveys(seeds, { today, station: () => station, user })).toEqual({ surveys: 0, responses: 0 });
	// What was counted while loading is what counting the records gives.
	const figures = () => database().collection('organization_asked').find({}, { projection: { basis: 0, countedAt: 0 } }).sort({ _id: 1 }).toArray();
	const before = await figures();
	await database().collection('need_books').updateMany({}, { $set: { stale: true, changedAt: new Date(0) } });
	await settleFigures();
	expect(await figures()).toEqual(before);
	for (const seed of seeds) {
		const id = ids.get(seed.key) ?? '';
		const typed = seed.activities.reduce((sum, { feedbackCount }) => sum + feedbackCount, 0);
		const satisfaction = await organizationSatisfaction(head, id);
		expect(satisfaction?.forms ?? 0, seed.key).toBe(typed);
		expect(satisfaction?.satisfied ?? 0, seed.key).toBe(seed.activities.reduce((sum, { satisfiedCount }) => sum + satisfiedCount, 0));
		if (!seed.survey) continue;
		const { needs, answers, interviews } = await organizationNeeds(head, id);
		expect([answers, interviews], seed.key).toEqual([seed.survey.responses, seed.survey.interviews]);
		for (const { label, count } of seed.survey.needs) expect(needs.find((need) => need.label === label)?.answers, `${seed.key} ${label}`).toBe(count);
		const approved = seed.gateHistory.find(({ stage, action }) => stage === 'needs_survey' && action === 'propose');
		if (!approved) continue;
		expect(answers >= 30 || interviews >= 5, seed.key).toBe(true);
		expect(needs.length, seed.key).toBeGreaterThanOrEqual(3);
		for (const { lastOn } of needs) expect(lastOn <= addDays(today, approved.day), `${seed.key} was asked before it passed`).toBe(true);
	}
}, 60_000);
