import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor, Grant } from '#lib/domain/accounts/types.ts';
import { documentTextSchema, type DocumentText } from '#lib/domain/organizations/charters.ts';
import { entrySchema } from '#lib/domain/organizations/projects.ts';
import { applicationSchema, meetingSchema, memberSchema } from '#lib/domain/organizations/schema.ts';
import { serviceEntrySchema } from '#lib/domain/organizations/service-log.ts';
import { supervisionSchema } from '#lib/domain/organizations/supervision.ts';
import { trainingSchema } from '#lib/domain/organizations/trainings.ts';
import { addDays, dayOf } from '#lib/domain/shared/days.ts';
import { createUser } from '#lib/server/modules/accounts/index.ts';
import { recentActs } from '#lib/server/modules/audit/index.ts';
import {
	addMember,
	adoptVersion,
	applyForIncubation,
	applyRosterImport,
	badRosterRows,
	charterView,
	compareVersions,
	decideApplication,
	addFile,
	editSupervision,
	growMember,
	memberGrowth,
	editMeeting,
	listMembers,
	listServices,
	listSupervisions,
	mapRoster,
	openPrivateNote,
	organizationGate,
	organizationWorkItems,
	projectIdeas,
	putToVote,
	readOrganization,
	readRosterImport,
	readSupervision,
	recordActivity,
	recordEntry,
	recordMeeting,
	recordService,
	recordSupervision,
	recordTraining,
	saveDraft,
	setEntryRemoved,
	setFollowUpDone,
	setMeetingRemoved,
	setTrainingRemoved,
	startDraft,
	stationCaseload,
	trainingsOf,
	undoRosterImport,
	uploadRoster,
	writePrivateNote
} from '#lib/server/modules/organizations/index.ts';
import { createStation } from '#lib/server/modules/stations/index.ts';
import { database as rawDatabase } from '#lib/server/platform/db/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { readXlsx, writeXlsx } from '#lib/server/platform/xlsx.ts';
import { openTestDatabase } from '../factories/store.ts';

type User = Extract<Actor, { kind: 'user' }>;
const today = dayOf(new Date());
const page = { limit: 200 };
const limits = { rows: 7000, columns: 20 };

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let street: string;
let head: User;
let worker: User;
let second: User;
let supervisor: User;
let admin: User;
let elsewhere: User;

const person = async (name: string, shortName: string, grants: Grant[]): Promise<User> => {
	const { id } = await createUser({ name, shortName, password: 'garden-2026', grants });
	return { kind: 'user', id, name, grants };
};
const at = (role: Grant['role'], scopeId: string): Grant => ({ role, scopeKind: 'station', scopeId });
const leaderOf = (id: string): User => ({ kind: 'user', id: 'e'.repeat(24), name: '队长', grants: [{ role: 'leader', scopeKind: 'organization', scopeId: id }] });

beforeAll(async () => {
	database = await openTestDatabase();
	const system: Actor = { kind: 'system', name: 'test' };
	const station = (slug: string, level: 'city' | 'street', parent: string | null) =>
		createStation(system, {
			name: slug, slug, level, parent, operator: '', mode: 'in_house', address: '', phone: '', intro: '',
			communities: level === 'street' ? [{ key: 'east', name: '东里社区', households: null, residents: null }] : []
		});
	const city = (await station('qinghe-city', 'city', null)).id;
	street = (await station('gaoqiao', 'street', city)).id;
	const other = (await station('weibin', 'street', city)).id;
	head = await person('宋站长', 'head', [at('head', street)]);
	worker = await person('田社工', 'worker', [at('worker', street)]);
	second = await person('郑社工', 'second', [at('worker', street)]);
	supervisor = await person('邱督导', 'supervisor', [at('supervisor', city)]);
	admin = await person('管理员', 'admin', [{ role: 'admin', scopeKind: 'platform', scopeId: null }]);
	elsewhere = await person('外站社工', 'elsewhere', [at('worker', other)]);
});
afterAll(() => database.close());

const refusal = async (promise: Promise<unknown>): Promise<AppError> => {
	try {
		await promise;
	} catch (error) {
		if (error instanceof AppError) return error;
		throw error;
	}
	throw new Error('nothing was refused');
};

let phones = 0;
const incubating = async (name: string): Promise<string> => {
	const { id } = await applyForIncubation(
		{ kind: 'anonymous' },
		applicationSchema.parse({
			name, category: 'mutual_aid', station: street, community: 'east', purpose: '邻里互相搭把手', memberCount: 8,
			applicantName: '何大姐', applicantPhone: `139${String((phones += 1)).padStart(8, '0')}`, consent: true
		}),
		{ address: '10.1.0.1', proxy: false }
	);
	await decideApplication(worker, id, { action: 'accept', reason: '', mentor: worker.id, secondMentor: second.id, version: 0 });
	return id;
};
const add = (organization: string, name: string, more: object = {}) =>
	addMember(worker, organization, memberSchema.parse({ name, joinedOn: addDays(today, -100), ...more }));
const roster = async (organization: string, count: number) => {
	for (let n = 0; n < count; n += 1) await add(organization, `队员${n}`);
};
const meeting = (motions: object[], more: object = {}) =>
	meetingSchema.parse({ title: '成员大会', heldOn: addDays(today, -5), eligible: 12, present: 9, motions, ...more });
const vote = (kind: string, yes: number, more: object = {}) => ({ kind, title: '表决', for: yes, against: 9 - yes, abstain: 0, ...more });
const change = (text: DocumentText, article: string, words: string): DocumentText => ({
	title: text.title,
	chapters: text.chapters.map((chapter) => ({ ...chapter, articles: chapter.articles.map((one) => (one.key === article ? { ...one, text: words } : one)) }))
});
const criterion = async (organization: string, key: string) => (await organizationGate(worker, organization)).criteria.find((one) => one.key === key);
const toStage = (organization: string, stage: string, atGraduation = false) =>
	rawDatabase().collection('organizations').updateOne({ code: { $exists: true }, name: organization }, { $set: { stage, atGraduation } });

describe('a charter', () => {
	test('goes from the template through two people’s changes and a vote into force, and back when the vote no longer stands', async () => {
		const name = '帮帮队';
		const id = await incubating(name);
		await roster(id, 12);
		await toStage(name, 'rule_making');
		const begun = await startDraft(leaderOf(id), id, 'charter', { from: 'template', services: '代买菜', place: '', term: 3, meetingCycle: '' });
		expect(begun.draft?.title).toBe('帮帮队章程');
		expect(JSON.stringify(begun.draft)).toContain('每届3年');
		expect(JSON.stringify(begun.draft)).toContain('东里社区居民自愿组成');
		expect(begun.draft?.blanks).toEqual(['place']);
		const text = documentTextSchema.parse(begun.draft);

		// Two people, one draft: different articles are joined, the same one is shown to the second with both texts.
		const hers = await saveDraft(leaderOf(id), id, 'charter', { text: change(text, 'a2', '本队的宗旨：互相搭把手。'), version: begun.version });
		expect(hers.merged).toBe(false);
		const his = await saveDraft(worker, id, 'charter', { text: change(text, 'a4', '本队在社区活动室活动。'), version: begun.version });
		expect(his.merged).toBe(true);
		const joined = JSON.stringify(his.draft);
		expect(joined).toContain('互相搭把手。');
		expect(joined).toContain('社区活动室活动。');
		const clash = await refusal(saveDraft(second, id, 'charter', { text: change(text, 'a2', '本队的宗旨：另一种说法。'), version: begun.version }));
		expect(clash).toMatchObject({ kind: 'conflict', code: 'stale' });
		expect(clash.current).toMatchObject({ conflicts: [{ key: 'a2', mine: '本队的宗旨：另一种说法。', theirs: '本队的宗旨：互相搭把手。' }] });
		expect(JSON.stringify((await charterView(worker, id, 'charter')).draft)).toBe(joined);

		const put = await putToVote(worker, id, 'charter', { note: '第一版', version: his.version });
		expect(put).toMatchObject({ draft: null, inForce: null, versions: [{ number: 1, state: 'proposed' }] });
		expect((await criterion(id, 'charter'))?.met).toBe(false);

		const adopt = (of: string, version: number, inForceOn = today) => adoptVersion(worker, id, 'charter', 1, { meeting: of, inForceOn, version });
		const lost = await recordMeeting(worker, id, meeting([vote('adopt_charter', 5)], { heldOn: addDays(today, -8) }));
		expect(await refusal(adopt(lost.id, put.version))).toMatchObject({ issues: [{ path: 'meeting', code: 'motion_not_carried', params: { votes: 5, needed: 6 } }] });
		const empty = await recordMeeting(worker, id, meeting([{ kind: 'adopt_charter', title: '表决', for: 6, against: 0, abstain: 0 }], { present: 6, heldOn: addDays(today, -7) }));
		expect(await refusal(adopt(empty.id, put.version))).toMatchObject({ issues: [{ path: 'meeting', code: 'meeting_not_quorate' }] });
		const other = await recordMeeting(worker, id, meeting([vote('adopt_rule', 9, { rule: 'leave' })], { heldOn: addDays(today, -6) }));
		expect(await refusal(adopt(other.id, put.version))).toMatchObject({ issues: [{ code: 'meeting_without_motion' }] });
		const carried = await recordMeeting(worker, id, meeting([vote('adopt_charter', 6)]));
		expect(await refusal(adopt(carried.id, put.version, addDays(today, -6)))).toMatchObject({ issues: [{ code: 'in_force_before_vote' }] });
		const adopted = await adopt(carried.id, put.version);
		expect(adopted).toMatchObject({ inForce: 1, versions: [{ state: 'in_force', vote: { quorum: 7, needed: 6, votes: 6, carried: true } }] });
		expect(JSON.stringify(adopted.versions[0]?.chapters)).not.toContain('{adopted_on}');
		expect((await criterion(id, 'charter'))).toMatchObject({ met: true, figure: 1 });

		// A second version holds once adopted; the first steps back, and returns when that vote is taken back.
		const again = await startDraft(worker, id, 'charter', { from: 'last', services: '', place: '', term: 2, meetingCycle: '' });
		const saved = await saveDraft(worker, id, 'charter', { text: change(documentTextSchema.parse(again.draft), 'a4', '本队在新活动室活动。'), version: again.version });
		const next = await putToVote(worker, id, 'charter', { note: '', version: saved.version });
		const { changes } = await compareVersions(worker, id, 'charter', 1, 2);
		expect(changes.filter(({ kind }) => kind !== 'same').map(({ key, kind }) => `${key} ${kind}`)).toEqual(['a4 changed']);
		const later = await recordMeeting(worker, id, meeting([vote('adopt_charter', 9)], { heldOn: addDays(today, -1) }));
		const both = await adoptVersion(worker, id, 'charter', 2, { meeting: later.id, inForceOn: today, version: next.version });
		expect(both.versions.map(({ number, state }) => `${number} ${state}`)).toEqual(['2 in_force', '1 superseded']);
		await setMeetingRemoved(worker, id, later.id, true);
		expect((await charterView(worker, id, 'charter')).versions.map(({ number, state }) => `${number} ${state}`)).toEqual(['2 not_carried', '1 in_force']);
		await editMeeting(worker, id, carried.id, meeting([vote('adopt_charter', 4)]), 0);
		expect((await charterView(worker, id, 'charter')).inForce).toBeNull();
		expect((await criterion(id, 'charter'))?.met).toBe(false);
	});

	test('is no business of other stations', async () => {
		const id = await incubating('自家队');
		expect(await refusal(charterView(elsewhere, id, 'charter'))).toMatchObject({ kind: 'not_found' });
		expect(await refusal(startDraft(supervisor, id, 'charter', { from: 'template', services: '', place: '', term: 2, meetingCycle: '' }))).toMatchObject({ kind: 'forbidden' });
	});
});

describe('a roster from a table', () => {
	const header = ['姓名', '手机号', '分工', '加入日期'];
	const table = (count: number, wrong: number) =>
		Array.from({ length: count }, (_, n) => {
			const bad = n % Math.floor(count / Math.max(1, wrong)) === 0 && n / Math.floor(count / Math.max(1, wrong)) < wrong;
			return [`居民${n}`, bad ? '12345' : `138${String(n).padStart(8, '0')}`, n % 7 === 0 ? '骨干' : '队员', '2025年3月1日'];
		});
	const xlsx = (rows: string[][]) => writeXlsx([{ name: '名册', columns: header.map((title) => ({ title })), rows }]);

	test('of 5,000 rows with 300 wrong ones is in within seconds; the wrong ones come back with reasons; all of it can be undone', async () => {
		const id = await incubating('大队伍');
		const bytes = await xlsx(table(5000, 300));
		// Of the processor, since a busy machine says nothing about the import; the store runs in this process too.
		const began = process.cpuUsage();
		const { id: made } = await uploadRoster(worker, id, { name: '名册.xlsx', bytes });
		const preview = await readRosterImport(worker, id, made);
		expect(preview).toMatchObject({ state: 'draft', total: 5000, added: 4700, updated: 0, skipped: 0, bad: 300, mapping: { name: 0, phone: 1, role: 2, joinedOn: 3 } });
		expect(preview.badRows[0]).toEqual({ row: 2, issues: [{ field: 'phone', code: 'phone', value: '12345', params: undefined }] });
		// The applicant stands on every roster from the start.
		expect((await listMembers(worker, id, page)).items.map(({ name }) => name)).toEqual(['何大姐']);
		await applyRosterImport(worker, id, made);
		const { user, system } = process.cpuUsage(began);
		expect((user + system) / 1e6).toBeLessThan(20);
		expect((await readOrganization(worker, id)).memberCount).toBe(4701);
		await applyRosterImport(worker, id, made);
		expect((await readOrganization(worker, id)).memberCount).toBe(4701);
		const { rows } = await badRosterRows(worker, id, made);
		expect(rows).toHaveLength(300);
		expect(rows[1]?.cells[1]).toBe('12345');

		// One came to an activity since: that line stays, all others go.
		const first = (await listMembers(worker, id, page)).items.find(({ name }) => name !== '何大姐');
		await recordActivity(worker, id, { kind: 'activity', title: '见面', heldOn: today, place: '', organizer: 'group', attendees: [first?.id ?? ''], guests: 0, hours: 0, reflection: '', feedbackCount: 0, satisfiedCount: 0 });
		await undoRosterImport(worker, id, made);
		expect(await readRosterImport(worker, id, made)).toMatchObject({ state: 'undone', kept: 1 });
		expect((await listMembers(worker, id, page)).items.map(({ name }) => name).sort()).toEqual([first?.name, '何大姐'].sort());
	}, 120_000);

	test('as csv in GBK finds people who are there, and updates them when asked, but only in columns that were chosen', async () => {
		const id = await incubating('小队伍');
		const { id: known } = await add(id, '王秀兰', { phone: '13800000001', note: '会理发' });
		// “姓名,电话,职务\r\n王秀兰,13800000001,队长\r\n李国华,,\r\n” as a spreadsheet of this country saves it.
		const gbk = Buffer.from('d0d5c3fb2cb5e7bbb02cd6b0cef10d0acdf5d0e3c0bc2c31333830303030303030312cb6d3b3a40d0ac0eeb9fabbaa2c2c0d0a', 'hex');
		const { id: made } = await uploadRoster(leaderOf(id), id, { name: '名册.csv', bytes: gbk });
		expect(await readRosterImport(worker, id, made)).toMatchObject({ headers: ['姓名', '电话', '职务'], added: 1, skipped: 1, bad: 0 });
		await mapRoster(worker, id, made, { mapping: { name: 0, phone: 1, role: 2, prospective: null, joinedOn: null, note: null }, duplicates: 'update' });
		expect(await readRosterImport(worker, id, made)).toMatchObject({ added: 1, updated: 1 });
		await applyRosterImport(worker, id, made);
		const named = async (name: string) => (await listMembers(worker, id, page)).items.find((member) => member.name === name);
		expect(await named('王秀兰')).toMatchObject({ id: known, role: 'leader', note: '会理发', joinedOn: addDays(today, -100) });
		await undoRosterImport(worker, id, made);
		expect(await named('王秀兰')).toMatchObject({ id: known, role: 'member' });
		expect(await named('李国华')).toBeUndefined();
		expect(await refusal(applyRosterImport(worker, id, made))).toMatchObject({ code: 'import_done' });
	});

	test('refuses what is no table, and strangers', async () => {
		const id = await incubating('没表队');
		const send = (bytes: Uint8Array, who: Actor = worker) => refusal(uploadRoster(who, id, { name: 'x', bytes }));
		expect(await send(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toMatchObject({ issues: [{ path: 'file', code: 'xls_old' }] });
		expect(await send(Buffer.from('PK\u0003\u0004nothing'))).toMatchObject({ code: 'xlsx_broken' });
		expect(await send(Buffer.from('姓名\n'))).toMatchObject({ issues: [{ code: 'table_empty' }] });
		expect(await send(Buffer.from('姓名\n王\n'), supervisor)).toMatchObject({ kind: 'forbidden' });
		expect(await send(Buffer.from('姓名\n王\n'), elsewhere)).toMatchObject({ kind: 'not_found' });
		const formula = await writeXlsx([{ name: 'x', columns: [{ title: '姓名' }], rows: [['=1+1']] }]);
		expect((await readXlsx(formula, limits))[1]).toEqual(["'=1+1"]);
	});
});

describe('a training of the station', () => {
	test('counts for every group whose core members came, and stops counting when it is cancelled', async () => {
		const names = ['一队', '二队'];
		const [one, two] = [await incubating(names[0] ?? ''), await incubating(names[1] ?? '')];
		for (const name of names) await toStage(name, 'leader_cultivation');
		const core = await add(one, '张骨干', { role: 'core' });
		const plain = await add(two, '李队员');
		const training = trainingSchema.parse({ title: '怎么开会', heldOn: addDays(today, -3), hours: 2, attendees: [core.id, plain.id], staff: [worker.id] });
		const { id } = await recordTraining(worker, street, training);
		expect(await criterion(one, 'core_trainings')).toMatchObject({ figure: 1, evidence: [{ kind: 'training', id, label: '怎么开会' }] });
		expect(await criterion(two, 'core_trainings')).toMatchObject({ figure: 0 });
		expect(await trainingsOf(leaderOf(one), one)).toMatchObject([{ id, names: ['张骨干'] }]);
		await setTrainingRemoved(worker, id, true);
		expect(await criterion(one, 'core_trainings')).toMatchObject({ figure: 0 });
		await setTrainingRemoved(worker, id, false);
		expect(await criterion(one, 'core_trainings')).toMatchObject({ figure: 1 });
		expect(await refusal(recordTraining(elsewhere, street, training))).toMatchObject({ kind: 'not_found' });
		expect(await refusal(recordTraining(supervisor, street, training))).toMatchObject({ kind: 'forbidden' });
		expect(await refusal(recordTraining(worker, street, { ...training, attendees: ['f'.repeat(24)] }))).toMatchObject({ issues: [{ path: 'attendees', code: 'not_on_roster' }] });
		expect(await refusal(recordTraining(worker, street, { ...training, heldOn: addDays(today, 1) }))).toMatchObject({ issues: [{ path: 'heldOn' }] });
	});
});

describe('supervision', () => {
	const session = (organization: string, more: object = {}) =>
		supervisionSchema.parse({
			source: 'internal', form: 'individual', heldOn: addDays(today, -2), supervisor: supervisor.id, workers: [worker.id],
			organizations: [organization], topic: '骨干闹意见', advice: '分开谈，再一起谈。',
			followUps: [{ key: 'f1', text: '分别走访两位骨干', owner: worker.id, dueOn: addDays(today, 5) }], ...more
		});

	test('counts at the gate, puts follow-ups on people’s lists, and knows who is overdue', async () => {
		const name = '吵架队';
		const organization = await incubating(name);
		await toStage(name, 'team_building');
		const before = await stationCaseload(head, street);
		expect(before.workers.find(({ id }) => id === worker.id)).toMatchObject({ lastOn: null, overdue: true });
		const { id } = await recordSupervision(supervisor, street, session(organization));
		expect(await criterion(organization, 'supervision')).toMatchObject({ met: true, evidence: [{ kind: 'supervision', label: '骨干闹意见' }] });
		const caseload = await stationCaseload(head, street);
		expect(caseload.workers.find(({ id: who }) => who === worker.id)).toMatchObject({ overdue: false });
		expect(caseload.supervisors).toMatchObject([{ name: '邱督导', sessions: 1, workers: 1, openFollowUps: 1 }]);
		const work = async (actor: Actor) => (await organizationWorkItems(actor)).filter(({ code }) => code === 'follow_up');
		expect(await work(worker)).toMatchObject([{ params: { text: '分别走访两位骨干' }, href: `/app/supervision/${id}` }]);
		expect((await organizationWorkItems(head)).find(({ code }) => code === 'supervision_overdue')).toMatchObject({ count: 1 });
		expect(await refusal(setFollowUpDone(elsewhere, id, 'f1', true))).toMatchObject({ kind: 'not_found' });
		await setFollowUpDone(worker, id, 'f1', true);
		expect(await work(worker)).toEqual([]);
		await setFollowUpDone(worker, id, 'f1', false);
		expect(await work(worker)).toHaveLength(1);
		await editSupervision(worker, id, session(organization, { topic: '换个题目' }), 2);
		expect((await readSupervision(worker, id)).session).toMatchObject({ topic: '换个题目', followUps: [{ doneAt: null }] });
		expect(await refusal(editSupervision(worker, id, session(organization), 2))).toMatchObject({ code: 'stale' });
		expect(await refusal(listSupervisions(admin, street, page))).toMatchObject({ kind: 'forbidden' });
		expect(supervisionSchema.safeParse({ ...session(organization), workers: [worker.id, second.id] }).success).toBe(false);
	});

	test('has a private note that only its two people ever open, and every opening is kept', async () => {
		const organization = await incubating('悄悄话队');
		const { id } = await recordSupervision(supervisor, street, session(organization));
		const words = '最近睡得不好，想请几天假。';
		await writePrivateNote(supervisor, id, { worker: worker.id, text: words, version: 0 });
		for (const actor of [head, second, admin, elsewhere, leaderOf(organization), { kind: 'system', name: 'job' } as Actor, { kind: 'anonymous' } as Actor]) {
			expect(await refusal(openPrivateNote(actor, id, worker.id))).toMatchObject({ kind: 'not_found' });
			expect(await refusal(writePrivateNote(actor, id, { worker: worker.id, text: 'x', version: 1 }))).toMatchObject({ kind: 'not_found' });
		}
		expect(await openPrivateNote(worker, id, worker.id)).toMatchObject({ text: words, version: 1, reads: [{ name: '田社工' }] });
		expect(await refusal(writePrivateNote(worker, id, { worker: worker.id, text: '改', version: 0 }))).toMatchObject({ code: 'stale', current: { text: words } });
		// A head who names herself the supervisor afterwards still reads nothing.
		await editSupervision(head, id, session(organization, { supervisor: head.id }), 0);
		expect(await refusal(openPrivateNote(head, id, worker.id))).toMatchObject({ kind: 'not_found' });
		expect(await openPrivateNote(supervisor, id, worker.id)).toMatchObject({ text: words, reads: [{ name: '邱督导' }, { name: '田社工' }] });
		const told = JSON.stringify([await listSupervisions(head, street, page), await readSupervision(head, id), await recentActs(`station:${street}`, 200)]);
		expect(told).not.toContain('睡得不好');
		expect(told).toContain('private_note_read');
	});
});

describe('the service log', () => {
	test('keeps people and attendances apart and is evidence for the group it is about', async () => {
		const organization = await incubating('有人管队');
		await rawDatabase().collection('organizations').updateOne({ name: '有人管队' }, { $set: { createdAt: new Date(Date.now() - 200 * 86_400_000), incubatingSince: new Date(Date.now() - 190 * 86_400_000) } });
		const entry = (more: object) => serviceEntrySchema.parse({ kind: 'home_visit', heldOn: addDays(today, -1), people: 3, organization, ...more });
		await recordService(worker, street, entry({ people: 4, attendances: 9, kind: 'group_session' }));
		await recordService(worker, street, entry({}));
		expect(dayOf((await readOrganization(worker, organization)).lastEvidenceAt)).toBe(addDays(today, -1));
		const { items } = await listServices(worker, street, { organization, limit: 50 });
		expect(items.map(({ people, attendances }) => [people, attendances])).toEqual([[3, 3], [4, 9]]);
		expect(serviceEntrySchema.safeParse({ kind: 'case', heldOn: today, people: 5, attendances: 4 }).success).toBe(false);
		expect(await refusal(recordService(worker, street, entry({ organization: 'f'.repeat(24) })))).toMatchObject({ issues: [{ path: 'organization' }] });
		expect(await refusal(recordService(supervisor, street, entry({})))).toMatchObject({ kind: 'forbidden' });
		expect(await refusal(listServices(leaderOf(organization), street, { limit: 5 }))).toMatchObject({ kind: 'not_found' });
	});
});

describe('projects, accounts and resources', () => {
	test('make their criteria measured, and taking one back opens the criterion again', async () => {
		const name = '项目队';
		const id = await incubating(name);
		await toStage(name, 'project_support');
		const keep = (content: object) => recordEntry(leaderOf(id), id, entrySchema.parse(content));
		await keep({ kind: 'idea', title: '楼道照明', need: '老人晚上看不清', who: '三号楼', costFen: 80_000 });
		const open = { kind: 'project', title: '三号楼照明', startedOn: addDays(today, -60), incomeFen: 80_000, spentFen: 76_500 };
		await keep(open);
		expect(await criterion(id, 'projects')).toMatchObject({ figure: 0, recordable: true });
		const closed = await keep({ ...open, closedOn: addDays(today, -2), result: '换了 18 盏灯' });
		expect(await criterion(id, 'projects')).toMatchObject({ figure: 1, met: true, evidence: [{ kind: 'entry', id: closed.id }] });
		await keep({ kind: 'accounts', title: '照明项目', from: addDays(today, -60), to: addDays(today, -2), publishedOn: today, how: 'wall', incomeFen: 80_000, spentFen: 76_500 });
		expect(await criterion(id, 'accounts')).toMatchObject({ met: true });
		await setEntryRemoved(worker, id, closed.id, true);
		expect(await criterion(id, 'projects')).toMatchObject({ figure: 0, met: false });
		await toStage(name, 'project_support', true);
		await keep({ kind: 'resource', title: '会议室', giver: '物业', what: 'venue', receivedOn: today, valueFen: null });
		expect(await criterion(id, 'resources')).toMatchObject({ figure: 1, met: true });
		expect(await projectIdeas(leaderOf(id), id)).toMatchObject([{ title: '楼道照明', costFen: 80_000 }]);
		expect(await refusal(projectIdeas(elsewhere, id))).toMatchObject({ kind: 'not_found' });
		expect(entrySchema.safeParse({ ...open, closedOn: addDays(today, -70), result: 'x' }).success).toBe(false);
		expect(entrySchema.safeParse({ kind: 'accounts', title: 'x', from: today, to: today, publishedOn: addDays(today, -1), how: 'wall' }).success).toBe(false);
		expect(await refusal(keep({ kind: 'resource', title: 'x', giver: 'y', what: 'goods', receivedOn: addDays(today, 3) }))).toMatchObject({ issues: [{ path: 'receivedOn' }] });
	});
});

describe('a core member', () => {
	test('grows: competencies, the step to serving others, notes that are only added, trainings attended', async () => {
		const id = await incubating('成长队');
		const { id: member } = await add(id, '周能干', { role: 'core' });
		await recordTraining(worker, street, trainingSchema.parse({ title: '怎么记账', heldOn: addDays(today, -4), attendees: [member] }));
		await growMember(worker, id, member, { competencies: ['accounting'], providerSince: '', note: '账记得清楚', version: 0 });
		await growMember(leaderOf(id), id, member, { competencies: ['accounting', 'hosting'], providerSince: today, note: '', version: 1 });
		expect(await memberGrowth(worker, id, member)).toMatchObject({
			competencies: ['accounting', 'hosting'], providerSince: today, mentoring: [{ by: '田社工', text: '账记得清楚' }], trainings: [{ title: '怎么记账' }], version: 2
		});
		expect(await refusal(growMember(worker, id, member, { competencies: [], providerSince: '', note: '', version: 1 }))).toMatchObject({ code: 'stale' });
		// Others see what somebody can do, not what was said with them.
		expect(await memberGrowth(supervisor, id, member)).toMatchObject({ competencies: ['accounting', 'hosting'], mentoring: [] });
		expect(await refusal(growMember(supervisor, id, member, { competencies: [], providerSince: '', note: '', version: 2 }))).toMatchObject({ kind: 'forbidden' });
	});
	test('may be in pictures of an activity, which takes pictures only', async () => {
		const id = await incubating('照片队');
		const { id: activity } = await recordActivity(worker, id, { kind: 'activity', title: '合影', heldOn: today, place: '', organizer: 'group', attendees: [], guests: 3, hours: 0, reflection: '', feedbackCount: 0, satisfiedCount: 0 });
		const paper = { name: '名单.pdf', bytes: new TextEncoder().encode('%PDF-1.4\n'), note: '', activity };
		expect(await refusal(addFile(worker, id, paper))).toMatchObject({ issues: [{ path: 'file', code: 'picture_needed' }] });
	});
});
