import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor, Grant } from '#lib/domain/accounts/types.ts';
import { addDays, dayOf } from '#lib/domain/shared/days.ts';
import { applicationSchema, memberSchema, activitySchema, meetingSchema, assessmentSchema, dimensions, organizationPatchSchema } from '#lib/domain/organizations/schema.ts';
import { acceptInvitation, createUser, factsOf, signIn } from '#lib/server/modules/accounts/index.ts';
import { verifyAudit } from '#lib/server/modules/audit/index.ts';
import {
	addFile,
	addMember,
	applicationByReceipt,
	applyForIncubation,
	assess,
	assignMentors,
	attestCriterion,
	changeStatus,
	decideApplication,
	decideGate,
	eachOrganization,
	editMember,
	editOrganization,
	importOrganizations,
	inviteMember,
	listMembers,
	listOrganizations,
	listPublicOrganizations,
	openOrganizationFile,
	organizationFacts,
	organizationGate,
	organizationMaturity,
	organizationOverview,
	organizationSeedSchema,
	organizationTimeline,
	organizationWorkItems,
	organizationsOfUser,
	publicOrganization,
	readOrganization,
	recordActivity,
	recordMeeting,
	resubmitByReceipt,
	setActivityRemoved,
	setMeetingRemoved,
	stationPortfolio
} from '#lib/server/modules/organizations/index.ts';
import { createStation, stationBySlug } from '#lib/server/modules/stations/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { openTestDatabase } from '../factories/store.ts';

type User = Extract<Actor, { kind: 'user' }>;
const stranger: Actor = { kind: 'anonymous' };
const from = { address: '10.1.0.1', proxy: false };
const today = dayOf(new Date());
const page = { limit: 50 };

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let street: string;
let other: string;
let city: string;
let head: User;
let worker: User;
let second: User;
let cityHead: User;
let elsewhere: User;

const person = async (name: string, shortName: string, grants: Grant[]): Promise<User> => {
	const { id } = await createUser({ name, shortName, password: 'garden-2026', grants });
	return { kind: 'user', id, name, grants };
};
const at = (role: Grant['role'], scopeId: string): Grant => ({ role, scopeKind: 'station', scopeId });
const leaderOf = (id: string, userId = 'e'.repeat(24)): User => ({
	kind: 'user',
	id: userId,
	name: '队长',
	grants: [{ role: 'leader', scopeKind: 'organization', scopeId: id }]
});

beforeAll(async () => {
	database = await openTestDatabase();
	const system: Actor = { kind: 'system', name: 'test' };
	const station = (slug: string, level: 'city' | 'street', parent: string | null) =>
		createStation(system, {
			name: slug,
			slug,
			level,
			parent,
			operator: '',
			mode: 'in_house',
			address: '',
			phone: '',
			intro: '',
			communities: level === 'street' ? [{ key: 'east', name: '东里', households: null, residents: null }] : []
		});
	city = (await station('qinghe-city', 'city', null)).id;
	street = (await station('gaoqiao', 'street', city)).id;
	other = (await station('weibin', 'street', city)).id;
	head = await person('宋站长', 'head', [at('head', street)]);
	worker = await person('田社工', 'worker', [at('worker', street)]);
	second = await person('郑社工', 'second', [at('worker', street)]);
	cityHead = await person('孟主任', 'city', [at('head', city)]);
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
const application = (name: string, more: object = {}) =>
	applicationSchema.parse({
		name,
		category: 'mutual_aid',
		station: street,
		community: 'east',
		purpose: '邻里互相搭把手',
		memberCount: 8,
		applicantName: '何大姐',
		applicantPhone: `139${String((phones += 1)).padStart(8, '0')}`,
		consent: true,
		...more
	});

/** An organization in its first stage. */
const incubating = async (name: string, more: object = {}) => {
	const { id } = await applyForIncubation(stranger, application(name, more), from);
	const view = await decideApplication(worker, id, { action: 'accept', reason: '', mentor: worker.id, secondMentor: second.id, version: 0 });
	return { id, version: view.version };
};
const member = (name: string, more: object = {}) => memberSchema.parse({ name, joinedOn: addDays(today, -100), ...more });
const activity = (title: string, more: object = {}) =>
	activitySchema.parse({ title, heldOn: addDays(today, -10), organizer: 'group', guests: 12, ...more });
const levels = (value: number) => Object.fromEntries(dimensions.map((dimension) => [dimension, value]));
const notes = Object.fromEntries(dimensions.map((dimension) => [dimension, '见台账']));

describe('applying', () => {
	test('a group applies from a phone, gets a number, and can look after its application without an account', async () => {
		const input = application('邻里帮帮队');
		const first = await applyForIncubation(stranger, input, from);
		expect(first.code).toMatch(/^GQ-\d{4}$/);
		const again = await applyForIncubation(stranger, { ...input, name: ' 邻里帮帮队 ' }, from);
		expect(again).toEqual({ id: first.id, code: first.code, receipt: null, already: true });

		await decideApplication(worker, first.id, { action: 'return', reason: '请写清楚谁牵头', mentor: '', secondMentor: '', version: 0 });
		const receipt = first.receipt ?? '';
		const seen = await applicationByReceipt(receipt);
		expect(seen).toMatchObject({ status: 'returned', reason: '请写清楚谁牵头', version: 1 });
		await resubmitByReceipt(receipt, { ...input, name: '邻里帮帮队', purpose: '何大姐牵头，帮独居老人' }, 1);
		expect((await applicationByReceipt(receipt)).status).toBe('applied');
		expect((await refusal(resubmitByReceipt(receipt, input, 2))).code).toBe('not_returned');
		expect((await refusal(applicationByReceipt('A'.repeat(32)))).kind).toBe('not_found');
	});

	test('pressing twice at the same moment makes one application', async () => {
		const input = application('同一时刻队');
		const both = await Promise.all([applyForIncubation(stranger, input, from), applyForIncubation(stranger, input, from)]);
		expect(new Set(both.map(({ id }) => id)).size).toBe(1);
		expect(both.filter(({ already }) => already)).toHaveLength(1);
	});

	test('a password opens an account that leads the group', async () => {
		const input = application('有账号队', { password: 'my-password-1' });
		const { id } = await applyForIncubation(stranger, input, from);
		const { user } = await signIn({ login: input.applicantPhone, password: 'my-password-1' }, { address: '10.1.0.2', device: '', via: 'browser' });
		const [facts] = await factsOf([user.id]);
		expect(facts?.grants).toEqual([{ role: 'leader', scopeKind: 'organization', scopeId: id }]);
		const refused = await refusal(applyForIncubation(stranger, application('又一队', { applicantPhone: input.applicantPhone, password: 'my-password-2' }), from));
		expect(refused.issues[0]).toMatchObject({ path: 'password', code: 'phone_has_account' });
	});

	test('a worker enters an application for the group; both names are kept', async () => {
		const { id } = await applyForIncubation(worker, application('代录队'), { ...from, proxy: true });
		expect((await readOrganization(worker, id)).applicant).toMatchObject({ name: '何大姐', enteredBy: '田社工' });
		expect((await refusal(applyForIncubation(elsewhere, application('跨站代录'), { ...from, proxy: true }))).kind).toBe('forbidden');
		expect((await refusal(applyForIncubation(stranger, application('生人代录'), { ...from, proxy: true }))).kind).toBe('forbidden');
	});

	test('one address is slowed down', async () => {
		const address = { address: '10.9.9.9', proxy: false };
		const tries = Array.from({ length: 40 }, (_, index) => applyForIncubation(stranger, application(`连发${index}`), address));
		const outcomes = await Promise.allSettled(tries);
		const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
		expect(refused).toHaveLength(10);
		for (const outcome of refused) expect((outcome.reason as AppError).kind).toBe('rate_limited');
	});

	test('a station of another level, or a community of another station, is refused at its field', async () => {
		expect((await refusal(applyForIncubation(stranger, application('站错', { station: city }), from))).issues[0]?.path).toBe('station');
		expect((await refusal(applyForIncubation(stranger, application('区错', { community: 'west' }), from))).issues[0]?.path).toBe('community');
	});
});

describe('who sees what', () => {
	test('only the station, those above it and the group itself know of an organization', async () => {
		const { id } = await incubating('谁能看队');
		for (const actor of [head, worker, cityHead, leaderOf(id)]) expect((await readOrganization(actor, id)).name).toBe('谁能看队');
		for (const actor of [elsewhere, stranger, leaderOf('d'.repeat(24))]) expect((await refusal(readOrganization(actor, id))).kind).toBe('not_found');
		expect((await refusal(decideGate(elsewhere, id, { action: 'propose', criterion: '', reason: 'x', version: 1 }))).kind).toBe('not_found');
		expect((await refusal(editOrganization(cityHead, id, { purpose: '改', version: 1 }))).kind).toBe('forbidden');
		expect((await readOrganization(cityHead, id)).applicant.phone).toMatch(/^139\*{4}\d{4}$/);
		expect((await readOrganization(worker, id)).applicant.phone).toMatch(/^139\d{8}$/);
		expect((await listMembers(cityHead, id, page)).items[0]?.phone).toContain('****');
	});

	test('the public sees no application, no phone and no people', async () => {
		const { id } = await incubating('公开页队');
		await recordActivity(worker, id, activity('楼道大扫除'));
		const { code } = await readOrganization(worker, id);
		const shown = await publicOrganization(code);
		expect(shown.recent).toEqual([{ title: '楼道大扫除', heldOn: addDays(today, -10), attendances: 12 }]);
		expect(JSON.stringify(shown)).not.toMatch(/139\d{8}|何大姐|田社工/);
		const waiting = await applyForIncubation(stranger, application('公开前队'), from);
		expect((await refusal(publicOrganization(waiting.code))).kind).toBe('not_found');
		expect((await listPublicOrganizations({ q: '公开', limit: 50 })).items.map(({ name }) => name)).toEqual(['公开页队']);
	});
});

describe('a stage', () => {
	test('is passed by evidence, proposed by one person and approved by another', async () => {
		const { id, version } = await incubating('太极队', { category: 'sports' });
		const gate = await organizationGate(worker, id);
		expect(gate.criteria).toMatchObject([{ key: 'roster', figure: 1, target: 5, met: false }]);
		expect((await organizationOverview(worker, id)).next).toMatchObject({ code: 'criterion', criterion: 'roster' });
		expect((await refusal(decideGate(worker, id, { action: 'propose', criterion: '', reason: '', version }))).issues[0]?.code).toBe('reason_for_open_criteria');

		for (const name of ['甲', '乙', '丙', '丁']) await addMember(leaderOf(id), id, member(name));
		expect((await organizationGate(worker, id)).passes).toBe(true);
		const proposed = await decideGate(head, id, { action: 'propose', criterion: '', reason: '', version });
		expect((await refusal(decideGate(head, id, { action: 'approve', criterion: '', reason: '', version: proposed.version }))).code).toBe('own_proposal');
		expect((await refusal(decideGate(worker, id, { action: 'approve', criterion: '', reason: '', version: proposed.version }))).kind).toBe('forbidden');
		const back = await decideGate(worker, id, { action: 'withdraw', criterion: '', reason: '', version: proposed.version });
		const anew = await decideGate(worker, id, { action: 'propose', criterion: '', reason: '', version: back.version });
		expect((await organizationWorkItems(head)).some(({ code, params }) => code === 'gate' && params.name === '太极队')).toBe(true);
		const stale = await refusal(decideGate(head, id, { action: 'approve', criterion: '', reason: '', version: back.version }));
		expect(stale).toMatchObject({ kind: 'conflict', code: 'stale' });
		expect((stale.current as { version: number }).version).toBe(anew.version);
		const passed = await decideGate(head, id, { action: 'approve', criterion: '', reason: '好', version: anew.version });
		expect(passed).toMatchObject({ stage: 'leader_cultivation', status: 'incubating', proposal: null });
	});

	test('two people approving at once pass it once', async () => {
		const { id, version } = await incubating('快门队', { category: 'arts' });
		for (const name of ['甲', '乙', '丙', '丁']) await addMember(worker, id, member(name));
		const { version: seen } = await decideGate(worker, id, { action: 'propose', criterion: '', reason: '', version });
		const both = await Promise.allSettled([1, 2].map(() => decideGate(head, id, { action: 'approve', criterion: '', reason: '', version: seen })));
		expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		expect((await readOrganization(head, id)).stage).toBe('leader_cultivation');
	});

	test('what is not recorded is not met, and passes only by a waiver with its reason', async () => {
		const { id } = await incubating('调研队');
		let { version } = await readOrganization(worker, id);
		const { criteria } = await organizationGate(worker, id);
		expect(criteria.map(({ key, met, recordable }) => [key, met, recordable])).toEqual([
			['survey', false, true],
			['needs_ranked', false, true],
			['prospective_core', false, true],
			['summary', false, true]
		]);
		for (const name of ['甲', '乙']) await addMember(worker, id, member(name, { prospective: true }));
		const talk = await recordMeeting(worker, id, meetingSchema.parse({ title: '座谈会', heldOn: today, eligible: 9, present: 9 }));
		({ version } = await attestCriterion(worker, id, { criterion: 'summary', note: '一页纸', evidence: [{ kind: 'meeting', id: talk.id }], version }));
		const unknown = await refusal(attestCriterion(worker, id, { criterion: 'summary', note: '', evidence: [{ kind: 'file', id: talk.id }], version }));
		expect(unknown.issues[0]?.code).toBe('evidence_unknown');
		({ version } = await decideGate(worker, id, { action: 'propose', criterion: '', reason: '纸质问卷存档', version }));
		expect((await refusal(decideGate(head, id, { action: 'approve', criterion: '', reason: '', version }))).code).toBe('gate_not_met');
		for (const criterion of ['survey', 'needs_ranked'])
			({ version } = await decideGate(head, id, { action: 'waive', criterion, reason: '纸质问卷存档', version }));
		expect((await refusal(decideGate(worker, id, { action: 'waive', criterion: 'survey', reason: 'x', version }))).kind).toBe('forbidden');
		const passed = await decideGate(head, id, { action: 'approve', criterion: '', reason: '', version });
		expect(passed.stage).toBe('leader_cultivation');
		const back = await decideGate(head, id, { action: 'regress', criterion: '', reason: '骨干散了', version: passed.version });
		expect(back.stage).toBe('needs_survey');
		expect((await organizationGate(head, id)).criteria.filter(({ waived }) => waived)).toHaveLength(0);
		const told = await organizationTimeline(head, id, page);
		expect(told.items.filter(({ code }) => code === 'gate_waived').map(({ reason }) => reason)).toEqual(['纸质问卷存档', '纸质问卷存档']);
	});

	test('is never skipped: not by approving what nobody proposed, not by naming another stage', async () => {
		const { id, version } = await incubating('抄近路队');
		const approve = { action: 'approve' as const, criterion: '', reason: '', version };
		expect((await refusal(decideGate(head, id, approve))).code).toBe('gate_not_proposed');
		const proposed = await decideGate(worker, id, { ...approve, action: 'propose', reason: '都齐了' });
		const refused = await refusal(decideGate(head, id, { ...approve, version: proposed.version }));
		expect(refused).toMatchObject({ kind: 'conflict', code: 'gate_not_met', params: { met: 0, total: 4 } });
		// What a program sends for an edit holds no stage: it is not a field of an edit at all.
		const patch = organizationPatchSchema.parse({ purpose: '照旧', stage: 'project_support', atGraduation: true, status: 'graduated', version: proposed.version });
		await editOrganization(worker, id, patch);
		expect(await readOrganization(worker, id)).toMatchObject({ stage: 'needs_survey', status: 'incubating', purpose: '照旧' });
		// A head may not wave through a criterion of another stage either.
		const { version: now } = await readOrganization(head, id);
		expect((await refusal(decideGate(head, id, { ...approve, action: 'waive', criterion: 'charter', reason: '以后补', version: now }))).issues[0]).toMatchObject({ path: 'criterion', code: 'choose_one' });
	});

	test('a whole way: five stages, graduation, and back when it was too early', async () => {
		const { id } = await incubating('出壳队');
		let { version } = await readOrganization(worker, id);
		const gates: string[] = [];
		for (let step = 0; step < 6; step += 1) {
			const gate = await organizationGate(head, id);
			gates.push(gate.gate);
			({ version } = await decideGate(worker, id, { action: 'propose', criterion: '', reason: '补录', version }));
			for (const { key, met, waived } of gate.criteria)
				if (!met && !waived) ({ version } = await decideGate(head, id, { action: 'waive', criterion: key, reason: '旧档可查', version }));
			({ version } = await decideGate(head, id, { action: 'approve', criterion: '', reason: '', version }));
		}
		expect(gates).toEqual(['needs_survey', 'leader_cultivation', 'rule_making', 'team_building', 'project_support', 'graduation']);
		expect((await readOrganization(worker, id)).status).toBe('graduated');
		const back = await decideGate(head, id, { action: 'regress', criterion: '', reason: '活动停了', version });
		expect(back).toMatchObject({ status: 'incubating', gate: 'graduation' });
	});
});

describe('meetings', () => {
	test('elect by their counts; the roster and the rights follow the latest election', async () => {
		const { id } = await incubating('选举队');
		const old = await addMember(worker, id, member('老队长'));
		const young = await addMember(worker, id, member('新队长'));
		for (let n = 0; n < 7; n += 1) await addMember(worker, id, member(`队员${n}`));
		const invitation = await inviteMember(worker, id, young.id, 'member');
		const { userId } = await acceptInvitation(invitation.secret, { name: '新队长', login: '13611110001', password: 'new-leader-1', expertise: [] });
		const election = (heldOn: string, candidate: string, votes: number) =>
			meetingSchema.parse({
				title: '选举会',
				heldOn,
				eligible: 10,
				present: 8,
				motions: [{ kind: 'elect_leader', title: '选队长', candidate, for: votes, against: 1, abstain: 0 }]
			});
		const roles = async () => Object.fromEntries((await listMembers(worker, id, page)).items.map(({ name, role }) => [name, role]));
		const rights = async () => (await factsOf([userId]))[0]?.grants.map(({ role }) => role);
		// The newer meeting is entered first.
		const later = await recordMeeting(worker, id, election(addDays(today, -5), young.id, 6));
		expect(await roles()).toMatchObject({ 新队长: 'leader' });
		await recordMeeting(worker, id, election(addDays(today, -50), old.id, 7));
		expect(await roles()).toMatchObject({ 新队长: 'leader', 老队长: 'member' });
		expect(await rights()).toContain('leader');
		// Four of eight present is no majority: nothing changes.
		await recordMeeting(worker, id, election(addDays(today, -1), old.id, 4));
		expect(await roles()).toMatchObject({ 新队长: 'leader' });
		await setMeetingRemoved(worker, id, later.id, true);
		expect(await roles()).toMatchObject({ 新队长: 'core', 老队长: 'leader' });
		const crowd = await refusal(recordMeeting(worker, id, { ...election(today, old.id, 6), eligible: 11 }));
		expect(crowd.issues[0]).toMatchObject({ path: 'eligible', code: 'eligible_above_roster', params: { roster: 10 } });
		const early = await refusal(recordMeeting(worker, id, election(today, young.id, 6)));
		expect(early.issues[0]).toMatchObject({ path: 'motions[0].vacancy', code: 'election_overlaps', params: { name: '老队长' } });
		const unknown = await refusal(recordMeeting(worker, id, election(today, 'a'.repeat(24), 6)));
		expect(unknown.issues[0]).toMatchObject({ path: 'motions[0].candidate', code: 'not_on_roster' });
	});
});

describe('records', () => {
	test('an activity sent twice is one; taken back it counts no more, and it can be restored', async () => {
		const { id } = await incubating('记录队');
		const [only] = (await listMembers(worker, id, page)).items;
		const entry = 'abcdefabcdefabcdefabcdef';
		const input = activity('周六巡楼', { attendees: [only?.id ?? ''], heldOn: addDays(today, -1) });
		const [first, again] = await Promise.all([recordActivity(worker, id, input, entry), recordActivity(worker, id, input, entry)]);
		expect(first).toEqual(again);
		const evidence = async () => (await readOrganization(worker, id)).lastEvidenceAt.toISOString();
		const timeline = async () => (await organizationTimeline(worker, id, page)).items.filter(({ code }) => code === 'activity').length;
		expect(await timeline()).toBe(1);
		const before = await evidence();
		await setActivityRemoved(worker, id, entry, true);
		expect(await timeline()).toBe(0);
		await setActivityRemoved(worker, id, entry, false);
		expect(await timeline()).toBe(1);
		expect(await evidence()).toBe(before);
		expect((await refusal(recordActivity(worker, id, activity('明天', { heldOn: addDays(today, 1) })))).issues[0]?.code).toBe('day_in_future');
		const foreign = await incubating('别的队');
		expect((await refusal(recordActivity(worker, foreign.id, input, entry))).issues[0]?.code).toBe('not_on_roster');
	});

	test('a roster line edited by two people at once keeps the first and tells the second', async () => {
		const { id } = await incubating('名册队');
		const added = await addMember(worker, id, member('小周'));
		await editMember(worker, id, added.id, member('小周', { role: 'treasurer' }), 0);
		const stale = await refusal(editMember(leaderOf(id), id, added.id, member('小周', { role: 'secretary' }), 0));
		expect(stale).toMatchObject({ code: 'stale', current: { role: 'treasurer', version: 1 } });
		await editMember(worker, id, added.id, member('小周', { leftOn: today }), 1);
		expect((await readOrganization(worker, id)).memberCount).toBe(1);
	});

	test('files hang on their organization', async () => {
		const { id } = await incubating('文件队');
		const other = await incubating('另一文件队');
		const pdf = new TextEncoder().encode('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
		const file = await addFile(worker, id, { name: '章程.pdf', bytes: pdf, note: '' });
		expect((await openOrganizationFile(leaderOf(id), id, file.id)).name).toBe('章程.pdf');
		expect((await refusal(openOrganizationFile(worker, other.id, file.id))).kind).toBe('not_found');
		expect((await refusal(openOrganizationFile(leaderOf(other.id), id, file.id))).kind).toBe('not_found');
	});

	test('before it is accepted, nothing is recorded', async () => {
		const { id } = await applyForIncubation(stranger, application('未受理队'), from);
		expect((await refusal(recordActivity(worker, id, activity('早了')))).code).toBe('not_incubating');
	});
});

describe('maturity', () => {
	test('self and station are kept apart, the cap holds, and the latest stands beside the organization', async () => {
		const { id } = await incubating('成熟队');
		const self = assessmentSchema.parse({ by: 'self', levels: { ...levels(4), finance: 1 }, notes });
		expect(await assess(leaderOf(id), id, self)).toMatchObject({ overall: 2, mean: 3.6, capped: true });
		await assess(worker, id, assessmentSchema.parse({ by: 'station', levels: levels(2), notes }));
		expect((await refusal(assess(worker, id, self))).kind).toBe('forbidden');
		expect((await refusal(assess(leaderOf(id), id, { ...self, by: 'station' }))).kind).toBe('forbidden');
		const view = await organizationMaturity(head, id);
		expect(view.gaps).toHaveLength(7);
		expect((await readOrganization(head, id)).maturity).toMatchObject({ self: { overall: 2 }, station: { overall: 2 } });
	});
});

describe('changing what an organization is', () => {
	test('filing is the station’s to set; a mode other than the category’s needs its reason', async () => {
		const { id, version } = await incubating('改名队');
		expect((await refusal(editOrganization(leaderOf(id), id, { filing: 'filed', version }))).code).toBe('station_sets_standing');
		const renamed = await editOrganization(leaderOf(id), id, { name: '改好名队', version });
		expect((await refusal(editOrganization(worker, id, { mode: 'self_developing', version: renamed.version }))).issues[0]?.path).toBe('modeReason');
		const moded = await editOrganization(worker, id, { mode: 'self_developing', modeReason: '文体为主', version: renamed.version });
		expect((await organizationGate(worker, id)).criteria.map(({ key }) => key)).toEqual(['roster']);
		const mentors = await assignMentors(head, id, { mentor: second.id, secondMentor: worker.id, version: moded.version });
		expect(mentors.mentor?.name).toBe('郑社工');
		expect((await refusal(assignMentors(head, id, { mentor: elsewhere.id, secondMentor: '', version: mentors.version }))).issues[0]?.code).toBe('not_station_staff');
		const asleep = await changeStatus(worker, id, { to: 'dormant', reason: '带头人住院', version: mentors.version });
		expect(asleep.status).toBe('dormant');
		expect((await changeStatus(worker, id, { to: 'active', reason: '回来了', version: asleep.version })).status).toBe('incubating');
		expect((await listOrganizations(worker, { q: '好名', limit: 50 })).items).toHaveLength(1);
	});
});

describe('events', () => {
	test('a proposal and an award are told once, however often they are delivered', async () => {
		const { id } = await incubating('事件队');
		const payload = { organization: id, proposal: 'b'.repeat(24), title: '楼道小菜园', at: new Date().toISOString() };
		await publish({ kind: 'proposal.submitted', key: 'proposal:1', payload });
		await publish({ kind: 'proposal.submitted', key: 'proposal:1', payload });
		await publish({ kind: 'award.published', key: 'award:1', payload: { organization: id, title: '楼道小菜园', amount: 300_000 } });
		const told = (await organizationTimeline(worker, id, page)).items;
		expect(told.filter(({ code }) => code === 'proposal_submitted')).toHaveLength(1);
		expect(told.find(({ code }) => code === 'award_published')?.detail).toMatchObject({ amount: 300_000 });
		expect(await organizationFacts(id)).toMatchObject({ name: '事件队', mentor: worker.id, leader: { name: '何大姐' } });
	});
});

describe('the demo data', () => {
	test('load with their history, page without gaps, and answer the portfolio', async () => {
		const folder = 'seeds/demo/organizations';
		const all = readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as unknown[]);
		const seeds = all.map((seed) => organizationSeedSchema.parse(seed));
		const parent = await stationBySlug('weibin');
		const context = {
			today,
			station: () => parent,
			user: (key: string) => (key === 'worker' ? { id: worker.id, name: worker.name } : null),
			userByPhone: () => null
		};
		const ids = await importOrganizations(seeds, context);
		expect(ids.size).toBe(seeds.length);
		await importOrganizations(seeds, context);
		const seen: string[] = [];
		let cursor: string | undefined;
		do {
			const part = await listOrganizations(elsewhere, { sort: 'evidence', limit: 7, cursor });
			seen.push(...part.items.map(({ id }) => id));
			cursor = part.next ?? undefined;
		} while (cursor);
		expect(seen).toHaveLength(seeds.length);
		expect(new Set(seen).size).toBe(seeds.length);
		const exported: string[] = [];
		for await (const row of eachOrganization(elsewhere, { category: 'arts' })) exported.push(row.category);
		expect(exported).toHaveLength(seeds.filter(({ category }) => category === 'arts').length);

		const portfolio = await stationPortfolio(cityHead, other);
		const gateTotal = Object.values(portfolio.totals).reduce((sum, count) => sum + count, 0);
		expect(gateTotal).toBe(seeds.filter(({ status }) => status === 'incubating').length);
		for (const { lastEvidenceAt } of portfolio.stalled) expect(Date.now() - lastEvidenceAt.getTime()).toBeGreaterThan(90 * 86_400_000);
		expect((await refusal(stationPortfolio(worker, other))).kind).toBe('not_found');

		// What the seeds say was elected is what the rules compute.
		const helpers = await organizationOverview(elsewhere, ids.get('fengjingyuan-helpers') ?? '');
		expect(helpers.gate?.gate).toBe('team_building');
		expect((await organizationsOfUser(leaderOf(ids.get('fengjingyuan-helpers') ?? ''))).map(({ name }) => name)).toEqual(['丰京苑邻里帮帮队']);
	});

	test('every chain of acts is whole', async () => {
		expect((await verifyAudit()).faults).toEqual([]);
	});
});
