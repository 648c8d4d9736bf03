import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor, Grant } from '#lib/domain/accounts/types.ts';
import type { Criterion, GateDefinitions } from '#lib/domain/organizations/criteria.ts';
import { activitySchema, applicationSchema, assessmentSchema, dimensions, memberSchema } from '#lib/domain/organizations/schema.ts';
import { addDays, dayOf } from '#lib/domain/shared/days.ts';
import { createUser } from '#lib/server/modules/accounts/index.ts';
import { verifyAudit } from '#lib/server/modules/audit/index.ts';
import {
	addMember,
	applyForIncubation,
	assess,
	assignMentors,
	criteriaMove,
	criteriaMoves,
	decideApplication,
	decideGate,
	draftGate,
	dropGateDraft,
	handOver,
	handoverChoice,
	listAssessments,
	listHandovers,
	moveManyToCriteria,
	moveToCriteria,
	organizationGate,
	organizationMaturity,
	organizationTimeline,
	publishDimension,
	publishGateDraft,
	readOrganization,
	recordActivity,
	setActivityRemoved,
	stationCohorts,
	stationDistribution,
	stationGateCriteria,
	stationMaturity,
	stationMaturityModel,
	stationNextActions,
	undoHandover
} from '#lib/server/modules/organizations/index.ts';
import { createStation } from '#lib/server/modules/stations/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { openTestDatabase } from '../factories/store.ts';

type User = Extract<Actor, { kind: 'user' }>;
const today = dayOf(new Date());
const page = { limit: 50 };
const words = { 'zh-CN': '字', en: 'word' };

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let city: string;
let street: string;
let other: string;
let head: User;
let worker: User;
let second: User;
let cityHead: User;
let elsewhere: User;

const at = (role: Grant['role'], scopeId: string): Grant => ({ role, scopeKind: 'station', scopeId });
const person = async (name: string, shortName: string, grants: Grant[]): Promise<User> => {
	const { id } = await createUser({ name, shortName, password: 'garden-2026', grants });
	return { kind: 'user', id, name, grants };
};

beforeAll(async () => {
	database = await openTestDatabase();
	const station = async (slug: string, level: 'city' | 'street', parent: string | null): Promise<string> =>
		(
			await createStation(
				{ kind: 'system', name: 'test' },
				{
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
				}
			)
		).id;
	city = await station('qinghe-city', 'city', null);
	street = await station('gaoqiao', 'street', city);
	other = await station('weibin', 'street', city);
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
const incubating = async (name: string, more: object = {}): Promise<string> => {
	const input = applicationSchema.parse({
		name,
		category: 'mutual_aid',
		station: street,
		community: 'east',
		purpose: '邻里互相搭把手',
		memberCount: 8,
		foundedOn: '2024-03-01',
		applicantName: '何大姐',
		applicantPhone: `137${String((phones += 1)).padStart(8, '0')}`,
		consent: true,
		...more
	});
	const { id } = await applyForIncubation({ kind: 'anonymous' }, input, { address: `10.2.0.${phones}`, proxy: false });
	await decideApplication(worker, id, { action: 'accept', reason: '', mentor: worker.id, secondMentor: '', version: 0 });
	return id;
};
const versionOf = async (id: string): Promise<number> => (await readOrganization(head, id)).version;
const members = async (id: string, count: number, more: object = {}) => {
	for (let index = 0; index < count; index += 1)
		await addMember(worker, id, memberSchema.parse({ name: `队员${index}`, joinedOn: addDays(today, -200), ...more }));
};
const levels = (value: number, more: object = {}) => ({ ...Object.fromEntries(dimensions.map((key) => [key, value])), ...more });
const notes = Object.fromEntries(dimensions.map((key) => [key, '见台账']));
const assessment = (value: number, more: object = {}) => assessmentSchema.parse({ by: 'station', levels: levels(value, more), notes });

describe('gate criteria of a station', () => {
	const rosterOf = (target: number): Criterion => ({ key: 'roster', label: words, hint: words, kind: 'measured', measure: { metric: 'roster_members', target } });
	const both = (target: number): GateDefinitions['graduation'] => ({ full: [rosterOf(target)], light: [rosterOf(target)] });

	test('are drafted, published by versions, and hold for organizations accepted from then on', async () => {
		const early = await incubating('早来的队');
		expect((await organizationGate(worker, early)).criteria.length).toBeGreaterThan(1);
		expect((await refusal(draftGate(worker, street, 'needs_survey', both(3), 0))).kind).toBe('forbidden');
		expect((await refusal(draftGate(elsewhere, street, 'needs_survey', both(3), 0))).kind).toBe('not_found');
		const { version } = await draftGate(head, street, 'needs_survey', both(3), 0);
		expect((await refusal(draftGate(head, street, 'needs_survey', both(4), 0))).code).toBe('stale');
		expect((await organizationGate(worker, early)).criteria.length).toBeGreaterThan(1);
		expect(await publishGateDraft(head, street, { note: '只看名册', version })).toEqual({ version: 1 });

		const late = await incubating('晚来的队');
		expect((await organizationGate(worker, late)).criteria.map(({ key, target }) => [key, target])).toEqual([['roster', 3]]);
		const kept = await organizationGate(worker, early);
		expect(kept).toMatchObject({ criteriaVersion: 0, newestCriteria: 1 });
		expect(kept.criteria.map(({ key }) => key)).toContain('survey');

		const view = await stationGateCriteria(worker, street);
		expect(view).toMatchObject({ version: 1, draft: null, mayEdit: false });
		expect(view.versions.map((one) => [one.version, one.by, one.note])).toEqual([
			[1, '宋站长', '只看名册'],
			[0, '', '']
		]);
		expect(view.versions[0]?.changes.map(({ key, after }) => `${key} ${after ? 'in' : 'out'}`)).toContain('survey out');
		expect(view.behind.map(({ name }) => name)).toEqual(['早来的队']);

		// Moving is a reviewed act of the head, told in the history; what changes is said before.
		const move = await criteriaMove(head, early);
		expect(move).toMatchObject({ from: 0, to: 1, after: { met: 0, total: 1 }, mayMove: true });
		expect((await refusal(moveToCriteria(worker, early, { to: 1, reason: '统一', version: await versionOf(early) }))).kind).toBe('forbidden');
		expect((await refusal(moveToCriteria(head, early, { to: 2, reason: '统一', version: await versionOf(early) }))).kind).toBe('invalid');
		expect((await refusal(moveToCriteria(head, early, { to: 1, reason: '统一', version: 0 }))).code).toBe('stale');
		await moveToCriteria(head, early, { to: 1, reason: '统一', version: await versionOf(early) });
		expect((await organizationGate(worker, early)).criteria.map(({ key }) => key)).toEqual(['roster']);
		expect(await criteriaMove(head, early)).toBeNull();
		expect((await organizationTimeline(worker, early, page)).items[0]).toMatchObject({ code: 'criteria_moved', reason: '统一', who: '宋站长' });
	});

	test('of two who publish at once one wins, and nothing is published unchanged', async () => {
		const { version } = await stationGateCriteria(head, street);
		const draft = await draftGate(head, street, 'needs_survey', both(5), 0);
		const results = await Promise.allSettled([1, 2].map(() => publishGateDraft(head, street, { note: '改成五个', version: draft.version })));
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		expect((await stationGateCriteria(head, street)).version).toBe(version + 1);
		const again = await draftGate(head, street, 'needs_survey', both(5), 0);
		expect((await refusal(publishGateDraft(head, street, { note: '没有变', version: again.version }))).code).toBe('nothing_changed');
	});
});

describe('moving many groups to new criteria', () => {
	const rosterOf = (target: number): Criterion => ({ key: 'roster', label: words, hint: words, kind: 'measured', measure: { metric: 'roster_members', target } });
	const both = (target: number): GateDefinitions['graduation'] => ({ full: [rosterOf(target)], light: [rosterOf(target)] });

	test('is looked at first, done in one step, and leaves behind who changed or waits', async () => {
		await dropGateDraft(head, street);
		const full = await incubating('满员队');
		const few = await incubating('人少队');
		const waiting = await incubating('等批队');
		await members(full, 4);
		await decideGate(worker, waiting, { action: 'propose', criterion: '', reason: '先看看', version: await versionOf(waiting) });
		const { version } = await draftGate(head, street, 'needs_survey', both(8), 0);
		const published = await publishGateDraft(head, street, { note: '改成八个', version });

		expect((await refusal(criteriaMoves(worker, street))).kind).toBe('forbidden');
		expect((await refusal(criteriaMoves(elsewhere, street))).kind).toBe('not_found');
		const moves = await criteriaMoves(head, street);
		expect(moves.to).toBe(published.version);
		const row = (name: string) => moves.rows.find((one) => one.name === name);
		// The applicant is on the roster too: five of five before, five of eight after.
		expect(row('满员队')).toMatchObject({ before: { met: 1, total: 1 }, after: { met: 0, total: 1 }, reopens: [words], proposed: false });
		expect(row('人少队')).toMatchObject({ before: { met: 0, total: 1 }, after: { met: 0, total: 1 }, reopens: [] });
		expect(row('等批队')).toMatchObject({ proposed: true });

		const organizations = [
			{ id: full, version: row('满员队')?.version ?? 0 },
			{ id: few, version: (row('人少队')?.version ?? 0) + 1 },
			{ id: waiting, version: row('等批队')?.version ?? 0 }
		];
		const move = { to: moves.to, reason: '全站统一', organizations };
		expect((await refusal(moveManyToCriteria(worker, street, move))).kind).toBe('forbidden');
		expect((await refusal(moveManyToCriteria(head, street, { ...move, to: moves.to - 1 }))).issues[0]).toMatchObject({ path: 'to' });
		expect(await moveManyToCriteria(head, street, move)).toEqual({
			moved: 1,
			left: [
				{ id: few, code: 'stale' },
				{ id: waiting, code: 'gate_proposed' }
			]
		});
		expect((await organizationGate(worker, full)).criteria).toMatchObject([{ key: 'roster', figure: 5, target: 8, met: false }]);
		expect((await organizationTimeline(worker, full, page)).items[0]).toMatchObject({ code: 'criteria_moved', reason: '全站统一', who: '宋站长' });
		expect((await criteriaMoves(head, street)).rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['人少队', '等批队']));
		// One that was moved too early goes back by itself.
		await moveToCriteria(head, full, { to: moves.to - 1, reason: '缓一缓', version: await versionOf(full) });
		expect((await organizationGate(worker, full)).criteria).toMatchObject([{ target: 5, met: true }]);
	});
});

describe('a gate', () => {
	test('re-opens when what proved it is taken away, and says so even to the head who was about to approve', async () => {
		const id = await incubating('会缩水的队', { category: 'arts' });
		const target = (await organizationGate(worker, id)).criteria[0]?.target ?? 0;
		await members(id, target);
		await decideGate(worker, id, { action: 'propose', criterion: '', reason: '', version: await versionOf(id) });
		await decideGate(head, id, { action: 'approve', criterion: '', reason: '', version: await versionOf(id) });
		await decideGate(head, id, { action: 'waive', criterion: 'leader', reason: '下月选', version: await versionOf(id) });
		await decideGate(worker, id, { action: 'propose', criterion: '', reason: '', version: await versionOf(id) });
		await decideGate(head, id, { action: 'approve', criterion: '', reason: '', version: await versionOf(id) });
		for (const criterion of ['simple_rules', 'roster'])
			await decideGate(head, id, { action: 'waive', criterion, reason: '先试', version: await versionOf(id) });
		await decideGate(worker, id, { action: 'propose', criterion: '', reason: '', version: await versionOf(id) });
		await decideGate(head, id, { action: 'approve', criterion: '', reason: '', version: await versionOf(id) });
		const held: string[] = [];
		for (let n = 0; n < 3; n += 1)
			held.push((await recordActivity(worker, id, activitySchema.parse({ title: `活动${n}`, heldOn: addDays(today, -5 - n), organizer: 'group', guests: 9 }))).id);
		expect(await organizationGate(head, id)).toMatchObject({ gate: 'team_building', passes: true });
		await decideGate(worker, id, { action: 'propose', criterion: '', reason: '', version: await versionOf(id) });
		await setActivityRemoved(worker, id, held[0] ?? '', true);
		expect((await organizationGate(head, id)).criteria[0]).toMatchObject({ met: false, figure: 2, target: 3 });
		const refused = await refusal(decideGate(head, id, { action: 'approve', criterion: '', reason: '', version: await versionOf(id) }));
		expect(refused).toMatchObject({ code: 'gate_not_met', params: { met: 0, total: 1 } });
	});
});

describe('the maturity model of a city', () => {
	test('is the city’s to change; assessments keep the version they were made with', async () => {
		const id = await incubating('评估队');
		await members(id, 12);
		await assess(worker, id, assessment(2, { governance: 1, leadership: 1, service: 1, learning: 1 }));
		const { model } = await stationMaturityModel(worker, street);
		const membership = model.dimensions.find(({ key }) => key === 'membership');
		if (!membership) throw new Error('no membership');
		const harder = {
			...membership,
			levels: membership.levels.map((level) => (level.level === 2 ? { ...level, label: { 'zh-CN': '20 人以上', en: '20 or more' } } : level)),
			rules: [{ level: 2, proves: true, conditions: [{ fact: 'roster_members' as const, min: 20 }] }]
		};
		expect((await refusal(publishDimension(head, city, { dimension: harder, note: '提高', base: 0 }))).kind).toBe('not_found');
		expect((await refusal(publishDimension(cityHead, street, { dimension: harder, note: '提高', base: 0 }))).kind).toBe('forbidden');
		expect((await organizationMaturity(worker, id)).suggestions.find(({ dimension }) => dimension === 'membership')).toMatchObject({ atLeast: 2 });
		expect(await publishDimension(cityHead, city, { dimension: harder, note: '提高', base: 0 })).toEqual({ version: 1 });
		expect((await refusal(publishDimension(cityHead, city, { dimension: harder, note: '再来', base: 0 }))).code).toBe('stale');

		const after = await organizationMaturity(worker, id);
		expect(after.modelVersion).toBe(1);
		expect(after.station).toMatchObject({ modelVersion: 0 });
		expect(after.station?.words.membership['zh-CN']).toBe('10 人以上');
		expect(after.suggestions.find(({ dimension }) => dimension === 'membership')).toMatchObject({ atLeast: 1, atMost: 1 });
		expect((await stationMaturityModel(worker, street)).versions[0]).toMatchObject({ version: 1, by: '孟主任', note: '提高' });
	});

	test('levels the record contradicts are shown first, and kept once the person stands by them', async () => {
		const id = await incubating('说大话队');
		const refused = await refusal(assess(worker, id, assessment(4), undefined, false));
		expect(refused.code).toBe('record_contradicts');
		expect(refused.issues.map(({ path }) => path)).toContain('levels.governance');
		expect((await listAssessments(worker, id, page)).items).toHaveLength(0);
		await assess(worker, id, assessment(4), undefined, true);
		const [kept] = (await listAssessments(worker, id, page)).items;
		expect(kept?.contradicted.map(({ dimension }) => dimension)).toContain('governance');
		expect(kept?.modelVersion).toBe(1);
	});
});

describe('a station’s overview', () => {
	test('counts every organization once, whatever it is compared by, and opens the same rows', async () => {
		const cohorts = await stationCohorts(cityHead, city, 'category');
		const distribution = await stationDistribution(cityHead, city);
		expect(cohorts.total?.count).toBe(distribution.total?.count);
		expect(cohorts.cohorts.reduce((sum, { count }) => sum + count, 0)).toBe(cohorts.total?.count);
		expect(distribution.rows.map(({ name }) => name)).toEqual(['gaoqiao']);
		const assessed = await stationMaturity(head, street, { limit: 2 });
		const rest = assessed.next ? await stationMaturity(head, street, { limit: 50, cursor: assessed.next }) : { items: [] };
		expect(assessed.items.length + rest.items.length).toBe(cohorts.total?.assessed);
		const community = await stationCohorts(head, street, 'community');
		expect(community.cohorts.map(({ name, count }) => [name, count])).toEqual([['东里', cohorts.total?.count]]);
		const [level] = (await stationMaturity(head, street, { limit: 1, sort: '-level' })).items;
		const band = Math.floor(level?.overall ?? 0);
		expect((await stationMaturity(head, street, { limit: 50, band })).items.map(({ id }) => id)).toContain(level?.id);
		expect((await stationMaturity(head, street, { limit: 50, year: '2024' })).items.length).toBe(cohorts.total?.assessed);
		expect((await stationMaturity(head, street, { limit: 50, year: '2019' })).items).toHaveLength(0);
		expect((await refusal(stationCohorts(elsewhere, street, 'year'))).kind).toBe('not_found');
	});

	test('puts what presses first, and pages without gaps', async () => {
		const waiting = await incubating('等批的队', { category: 'sports' });
		await decideGate(worker, waiting, { action: 'propose', criterion: '', reason: '先提', version: await versionOf(waiting) });
		const { items: all } = await stationNextActions(head, street, { limit: 50 });
		const decisions = all.filter(({ next }) => next.code === 'decide_gate');
		expect(all.slice(0, decisions.length)).toEqual(decisions);
		expect(decisions.find(({ id }) => id === waiting)).toMatchObject({ next: { who: 'head' }, mentor: '田社工' });
		const first = await stationNextActions(head, street, { limit: 2 });
		const second = await stationNextActions(head, street, { limit: 50, cursor: first.next ?? '' });
		expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
		expect((await stationNextActions(head, street, { limit: 50, overdue: '1' })).items).toEqual([]);
		await decideGate(head, waiting, { action: 'return', criterion: '', reason: '再补', version: await versionOf(waiting) });
		const back = (await stationNextActions(head, street, { limit: 50 })).items.find(({ id }) => id === waiting);
		expect(back?.next.code).toBe('criterion');
	});
});

describe('handing over', () => {
	test('moves what was ticked in one step, keeps who did what, and can be taken back', async () => {
		const one = await incubating('交接一队');
		const two = await incubating('交接二队');
		const three = await incubating('不交的队');
		await assignMentors(head, two, { mentor: worker.id, secondMentor: second.id, version: await versionOf(two) });
		const choice = await handoverChoice(head, street, worker.id);
		expect(choice.organizations.map(({ name }) => name)).toEqual(expect.arrayContaining(['交接一队', '交接二队', '不交的队']));
		expect((await refusal(handoverChoice(worker, street, worker.id))).kind).toBe('forbidden');
		const input = { from: worker.id, to: second.id, organizations: [one, two], followUps: [], reason: '休产假' };
		expect((await refusal(handOver(head, street, { ...input, to: elsewhere.id }))).code).toBe('not_station_staff');
		const entry = 'ab'.repeat(12);
		const [first, repeat] = [await handOver(head, street, input, entry), await handOver(head, street, input, entry)];
		expect(first).toEqual({ id: entry, moved: 2 });
		expect(repeat.id).toBe(entry);
		expect(await readOrganization(head, one)).toMatchObject({ mentor: { name: '郑社工' }, secondMentor: null });
		expect(await readOrganization(head, two)).toMatchObject({ mentor: { name: '郑社工' }, secondMentor: null });
		expect(await readOrganization(head, three)).toMatchObject({ mentor: { name: '田社工' } });
		const told = (await organizationTimeline(head, one, page)).items.filter(({ code }) => code === 'handed_over');
		expect(told).toMatchObject([{ who: '宋站长', reason: '休产假', detail: { from: '田社工', to: '郑社工' } }]);

		// What somebody has changed since stays as it is.
		await assignMentors(head, one, { mentor: head.id, secondMentor: '', version: await versionOf(one) });
		expect(await undoHandover(head, street, entry)).toEqual({ moved: 1, left: 1 });
		expect(await readOrganization(head, one)).toMatchObject({ mentor: { name: '宋站长' } });
		expect(await readOrganization(head, two)).toMatchObject({ mentor: { name: '田社工' }, secondMentor: { name: '郑社工' } });
		expect((await refusal(undoHandover(head, street, entry))).code).toBe('handover_undone');
		expect((await listHandovers(head, street))[0]).toMatchObject({ state: 'undone', undoneBy: '宋站长', from: '田社工', to: '郑社工' });
		expect((await verifyAudit()).faults).toEqual([]);
	});
});
