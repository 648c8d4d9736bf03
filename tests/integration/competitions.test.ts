import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recentActs, verifyAudit } from '#lib/server/modules/audit/index.ts';
import {
	amendCompetition,
	competitionBySlug,
	createCompetition,
	editCompetition,
	listCompetitions,
	publicCompetition,
	publicCompetitions,
	readCompetition,
	registerTransitionGuard,
	settingsOf,
	settleClocks,
	transitionBlockers,
	transitionCompetition
} from '#lib/server/modules/competitions/index.ts';
import { subscribe } from '#lib/server/platform/outbox.ts';
import { controlledClock } from '../factories/clock.ts';
import { atStation, makeOpenCompetition, makeStations, person, system, type User } from '../factories/competitions.ts';
import { refusal } from '../factories/refusal.ts';
import { openTestDatabase } from '../factories/store.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let clock: ReturnType<typeof controlledClock>;
let street: string;
let city: string;
let head: User;
let worker: User;
let stranger: User;

beforeAll(async () => {
	clock = controlledClock();
	database = await openTestDatabase();
	({ street, city } = await makeStations('gaoqiao'));
	const { street: other } = await makeStations('beizha');
	head = person('宋雅琴', atStation('head', street));
	worker = person('田晓舟', atStation('worker', street));
	stranger = person('路人', atStation('worker', other));
});
afterAll(async () => {
	await database.close();
	clock.close();
});

const start = { title: '邻里节', theme: '让邻居认识邻居。', fund: 3_000_000 };

describe('setting up', () => {
	test('a new competition stands on the defaults and is a draft nobody else sees', async () => {
		const made = await createCompetition(worker, { station: street, slug: 'first', ...start });
		expect(made).toMatchObject({ state: 'draft', version: 0, noticeDays: 5, fund: 3_000_000 });
		expect(made.rounds[0]?.rubric.reduce((sum, { points }) => sum + points, 0)).toBe(100);
		expect(made.tracks.map(({ key }) => key)).toEqual(['simple', 'standard']);
		expect((await refusal(publicCompetition('first'))).kind).toBe('not_found');
		expect((await refusal(readCompetition(stranger, made.id))).kind).toBe('not_found');
		expect((await refusal(createCompetition(stranger, { station: street, slug: 'theirs', title: 'x' }))).kind).toBe('forbidden');
		expect((await listCompetitions(worker, { limit: 50 })).items.map(({ slug }) => slug)).toContain('first');
		expect((await listCompetitions(stranger, { limit: 50 })).items).toEqual([]);
	});

	test('an address is taken once, and a previous competition lends its rules but not its times', async () => {
		const first = await competitionBySlug('first');
		const twice = await refusal(createCompetition(worker, { station: street, slug: 'first', title: '又一个' }));
		expect(twice.issues).toEqual([{ path: 'slug', code: 'slug_taken', params: undefined }]);
		await editCompetition(worker, first.id, { noticeDays: 7, version: first.version });
		const copy = await createCompetition(worker, { station: street, slug: 'second', title: '第二届', from: first.id });
		expect(copy).toMatchObject({ noticeDays: 7, fund: 3_000_000, title: '第二届', state: 'draft' });
	});

	test('an edit changes only what it names, and one based on an old version is refused with the present state', async () => {
		const before = await competitionBySlug('second');
		const after = await editCompetition(worker, before.id, { contact: '021-5555 0000', version: before.version });
		expect(settingsOf(after)).toEqual({ ...settingsOf(before), contact: '021-5555 0000' });
		const old = await refusal(editCompetition(head, before.id, { contact: '别的', version: before.version }));
		expect(old.kind).toBe('conflict');
		expect(old.current).toMatchObject({ contact: '021-5555 0000', version: after.version });
	});

	test('what a draft lacks blocks its announcement, and is told beforehand', async () => {
		const bare = await createCompetition(worker, { station: street, slug: 'bare', title: '空白' });
		const blockers = await transitionBlockers(worker, bare.id, 'announced');
		expect(blockers.map(({ code }) => code)).toEqual(['comp_theme_missing', 'comp_fund_missing']);
		expect(blockers[1]?.href).toBe(`/app/competitions/${bare.id}/settings/basics?at=fund#f-fund`);
		const blocked = await refusal(transitionCompetition(worker, bare.id, { to: 'announced', reason: '' }));
		expect([blocked.kind, blocked.code, blocked.issues.length]).toEqual(['conflict', 'step_blocked', 2]);
	});
});

describe('the life of a competition', () => {
	test('submissions open and close by the clock, to the second, and the job writes it down once', async () => {
		const told: unknown[] = [];
		subscribe('competition.transitioned', 'test', async ({ payload }) => void told.push(`${payload.from}>${payload.to}`));
		const at = new Date();
		clock.moveTo(at);
		const opensAt = new Date(at.getTime() + 3_600_000);
		const closesAt = new Date(at.getTime() + 7_200_000);
		const timeline = { announcesAt: null, opensAt: opensAt.toISOString(), closesAt: closesAt.toISOString(), graceSeconds: 30, scoringUntil: null };
		const { id } = await makeOpenCompetition(worker, street, 'clocked', { timeline });
		const state = async () => (await readCompetition(worker, id)).state;
		expect(await state()).toBe('announced');
		const early = await refusal(transitionCompetition(worker, id, { to: 'open', reason: '' }));
		expect(early.code).toBe('clock_opens');
		clock.moveTo(new Date(opensAt.getTime() - 800));
		expect(await state()).toBe('announced');
		clock.moveTo(opensAt);
		expect(await state()).toBe('open');
		expect((await publicCompetitions({ limit: 10 })).open.map(({ slug }) => slug)).toContain('clocked');
		clock.moveTo(closesAt);
		expect(await state()).toBe('screening');
		await Promise.all([settleClocks(), settleClocks()]);
		expect((await readCompetition(worker, id)).history.map(({ to, at: when }) => [to, when.getTime()]).slice(1)).toEqual([
			['open', opensAt.getTime()],
			['screening', closesAt.getTime()]
		]);
		expect(told).toEqual(['draft>announced', 'announced>open', 'open>screening']);
		clock.moveTo(new Date());
	});

	test('after opening the rules are frozen; times move only by a public amendment, and only later', async () => {
		const open = await makeOpenCompetition(worker, street, 'frozen');
		expect(open.state).toBe('open');
		const settings = settingsOf(open);
		const tracks = settings.tracks.map((track) => ({ ...track, cap: track.cap + 1 }));
		const refused = await refusal(editCompetition(worker, open.id, { tracks, noticeDays: 9, theme: '新主题', version: open.version }));
		expect([refused.kind, refused.code]).toEqual(['conflict', 'frozen']);
		expect(refused.issues.map(({ path }) => path)).toEqual(['tracks', 'noticeDays']);
		const same = await editCompetition(worker, open.id, { tracks: settings.tracks, theme: '新主题', version: open.version });
		expect(same.theme).toBe('新主题');
		const earlier = new Date(same.timeline.closesAt.getTime() - 1000).toISOString();
		expect((await refusal(amendCompetition(worker, open.id, { text: '提前截止', closesAt: earlier, version: same.version }))).issues[0]?.path).toBe('closesAt');
		const later = new Date(same.timeline.closesAt.getTime() + 86_400_000);
		const amended = await amendCompetition(worker, open.id, { text: '因台风延期一天', closesAt: later.toISOString(), version: same.version });
		expect(amended.timeline.closesAt).toEqual(later);
		expect((await publicCompetition('frozen')).amendments.map(({ text }) => text)).toEqual(['因台风延期一天']);
	});

	test('strangers see neither the grace period nor the seed of lots', async () => {
		const shown = JSON.stringify(await publicCompetition('frozen'));
		expect(shown).not.toMatch(/graceSeconds|drawSeed|lastNumber|createdBy/);
	});

	test('steps follow the order, guards of other modules are asked, and two people at once make one step', async () => {
		const { id, version } = await makeOpenCompetition(worker, street, 'steps');
		expect((await refusal(transitionCompetition(worker, id, { to: 'judging', reason: '' }))).code).toBe('step_not_possible');
		expect((await refusal(transitionCompetition(worker, id, { to: 'cancelled', reason: '不办了' }))).kind).toBe('forbidden');
		expect((await refusal(transitionCompetition(head, id, { to: 'cancelled', reason: '' }))).issues[0]).toMatchObject({ path: 'reason', code: 'reason_needed' });
		registerTransitionGuard('cancelled', 'test', async (competition) =>
			competition.slug === 'steps' ? [{ code: 'test_block', params: { n: 3 }, href: '/x' }] : []
		);
		expect((await refusal(transitionCompetition(head, id, { to: 'cancelled', reason: '不办了' }))).issues).toEqual([{ path: 'to', code: 'test_block', params: { n: 3 } }]);
		registerTransitionGuard('cancelled', 'test', async () => []);
		const both = await Promise.all([1, 2].map(() => transitionCompetition(head, id, { to: 'cancelled', reason: '疫情', version }).catch((error: unknown) => error)));
		expect(both.map((result) => (result as { state?: string }).state)).toEqual(['cancelled', 'cancelled']);
		const acts = await recentActs(`competition:${id}`);
		expect(acts.filter(({ action, detail }) => action === 'competition_transitioned' && detail.to === 'cancelled')).toHaveLength(1);
		expect((await refusal(transitionCompetition(head, id, { to: 'judging', reason: '' }))).code).toBe('step_not_possible');
	});

	test('every act stands in the competition’s chain', async () => {
		const { id } = await competitionBySlug('frozen');
		expect((await verifyAudit(`competition:${id}`)).faults).toEqual([]);
		expect((await recentActs(`competition:${id}`)).map(({ action }) => action)).toEqual([
			'competition_amended',
			'competition_edited',
			'competition_transitioned',
			'competition_created'
		]);
	});

	test('the city oversees what its streets run, without acting there', async () => {
		const overseer = person('孟庆芬', atStation('head', city));
		const { id, version } = await competitionBySlug('frozen');
		expect((await readCompetition(overseer, id)).slug).toBe('frozen');
		expect((await refusal(editCompetition(overseer, id, { theme: 'x', version }))).kind).toBe('forbidden');
		expect((await transitionBlockers(system, id, 'cancelled')).length).toBe(0);
	});
});
