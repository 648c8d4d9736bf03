import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roundSchema } from '#lib/domain/competitions/schema.ts';
import { saveScorecard, judgingQueue } from '#lib/server/modules/judging/index.ts';
import { scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { signInByApi, type ApiClient } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';
import { controlledClock } from '../factories/clock.ts';
import { atStation } from '../factories/competitions.ts';
import { readEvents, type StreamEvent } from '../factories/event-stream.ts';
import { account, makeRound, type JudgingRound } from '../factories/judging.ts';
import { openTestDatabase } from '../factories/store.ts';

const hour = 3_600_000;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let clock: ReturnType<typeof controlledClock>;
let round: JudgingRound;
let apps: RunningApp[] = [];
let head: ApiClient;
let screen = '';
let version = 0;

const anchors = { high: '好', middle: '中', low: '弱' };
const rounds = [
	roundSchema.parse({
		key: 'pitch',
		kind: 'pitch',
		label: '路演',
		weight: 100,
		rule: 'trimmed',
		reviews: 5,
		rubric: [{ key: 'content', label: '内容', points: 100, anchors }]
	})
];
const app = (n: number): RunningApp => {
	const found = apps[n];
	if (!found) throw new Error('no such process');
	return found;
};

/** Two application processes on the one store of this test; the clock of both stands where the test's stands. */
beforeAll(async () => {
	database = await openTestDatabase();
	clock = controlledClock();
	round = await makeRound(clock, 'shuangjin', { proposals: 2, judges: 5, reviews: 5, given: { rounds } });
	await account('shuangjin.staff', { grants: [atStation('head', round.street)] });
	const env = { MONGODB_URI: database.uri };
	apps = await Promise.all([startApp({ env }), startApp({ env })]);
	for (const one of apps) one.setClock(49 * hour);
	head = await signInByApi(app(0).address, 'shuangjin.staff');
});
afterAll(async () => {
	for (const one of apps) {
		await one.stop();
		removeData(one);
	}
	clock.close();
	await database.close();
});

const send = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
	const answer = await head.send('POST', `/competitions/${round.competition.id}/pitch/${path}`, body);
	expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
	return answer.body as Record<string, unknown>;
};
const act = async (name: string, more: Record<string, unknown> = {}): Promise<void> => {
	({ version } = (await send('acts', { act: name, version, ...more })) as { version: number });
};
type Shown = { status: string; current: { proposal: string; scoring: string; submitted: number } | null; shown: { score: string } | null };
const stateOf = (event: StreamEvent): Shown => (event.data as { state: Shown }).state;
const shows = (fits: (state: Shown) => boolean) => (event: StreamEvent) => event.event === 'state' && fits(stateOf(event));

/** Signs in as a browser does and answers the session's cookie. */
const cookieOf = async (address: string, login: string): Promise<string> => {
	const response = await fetch(`${address}/login`, {
		method: 'POST',
		redirect: 'manual',
		headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: address },
		body: new URLSearchParams({ login, password: 'miaopu-demo' })
	});
	return response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
};

describe('a pitch session with two processes on one database', () => {
	let first = '';

	test('what is done through one process is seen through the other within a second', async () => {
		const drawn = await send('draws', { seed: 'live' });
		first = (drawn.order as { proposal: string }[])[0]?.proposal ?? '';
		screen = new URL(String((await send('screen', {})).link)).pathname;
		({ version } = (await head.get(`/competitions/${round.competition.id}/pitch`)).body as { version: number });
		const hall = await readEvents(`${app(1).address}${screen}/events`);
		await hall.next(shows(({ status }) => status === 'ready'));
		await act('start');
		await hall.next(shows(({ status }) => status === 'running'));
		const second = (drawn.order as { proposal: string }[])[1]?.proposal ?? '';
		const delays: number[] = [];
		for (const proposal of [first, second, first]) {
			const began = Date.now();
			await act('present', { proposal });
			delays.push((await hall.next(shows(({ current }) => current?.proposal === proposal))).at - began);
		}
		// A machine that stands still for a moment does so once.
		expect(Math.min(...delays)).toBeLessThan(1000);
		hall.close();
	});

	test('a judge’s phone hears of the stage, the hall of every scorecard, and nobody of a score', async () => {
		const cookie = await cookieOf(app(1).address, 'shuangjin.judge1');
		const phone = await readEvents(`${app(1).address}/app/judging/events?competition=${round.competition.id}`, { Cookie: cookie });
		const hall = await readEvents(`${app(1).address}${screen}/events`);
		const before = await phone.next(({ event }) => event === 'state');
		expect((before.data as { state: { current: { proposal: string; card: string } } }).state.current).toMatchObject({ proposal: first });
		await act('open', { proposal: first });
		await phone.next(shows(({ current }) => current?.scoring === 'open'));
		for (const [n, { user }] of round.judges.entries()) {
			const card = (await judgingQueue(user)).flatMap(({ items }) => items).find(({ proposal }) => proposal === first);
			await saveScorecard(user, card?.id ?? '', scorecardSaveSchema.parse({ scores: { content: 70 + n * 4 }, status: 'submitted', version: 0 }));
			const event = await hall.next(shows(({ current }) => current?.submitted === n + 1));
			expect(stateOf(event).shown).toBeNull();
			expect(JSON.stringify(event.data)).not.toMatch(/"score":|\b7[048]\b|\b8[26]\b/);
		}
		phone.close();
		hall.close();
		const stranger = await fetch(`${app(1).address}/app/judging/events?competition=${round.competition.id}`, { redirect: 'manual' });
		expect(stranger.status).toBe(303);
		expect((await fetch(`${app(1).address}/screen/somebody-guessed/events`)).status).toBe(404);
	});

	test('who comes back with what they saw last gets what they missed, and nothing twice', async () => {
		const hall = await readEvents(`${app(1).address}${screen}/events`);
		const { id } = await hall.next(({ event }) => event === 'state');
		hall.close();
		// Nothing has happened: a beat comes, no state.
		const awake = await readEvents(`${app(0).address}${screen}/events`, { 'Last-Event-ID': id });
		await awake.next(({ event }) => event === 'beat');
		await expect(awake.next(({ event }) => event === 'state', 600)).rejects.toThrow();
		awake.close();
		await act('close', { proposal: first });
		await act('reveal', { proposal: first });
		const delays: number[] = [];
		for (let visit = 0; visit < 3; visit += 1) {
			const began = Date.now();
			const late = await readEvents(`${app(1).address}${screen}/events`, { 'Last-Event-ID': id });
			// 70 74 78 82 86 without the highest and the lowest.
			const seen = await late.next(shows(({ shown }) => shown !== null));
			expect(stateOf(seen).shown).toMatchObject({ score: '78.00', dropped: { high: '86.00', low: '70.00' } });
			delays.push(seen.at - began);
			late.close();
		}
		expect(Math.min(...delays)).toBeLessThan(1000);
	});

	test('a process that is stopped lets its streams go, and the other carries on', async () => {
		const hall = await readEvents(`${app(1).address}${screen}/events`);
		await hall.next(({ event }) => event === 'state');
		const began = Date.now();
		const ended = hall.ended.then(() => Date.now() - began);
		expect(await app(1).stop()).toBe(0);
		expect(await ended).toBeLessThan(10_000);
		expect(Date.now() - began).toBeLessThan(20_000);
		const again = await readEvents(`${app(0).address}${screen}/events`);
		expect(stateOf(await again.next(({ event }) => event === 'state')).shown).toMatchObject({ score: '78.00' });
		again.close();
	});
});
