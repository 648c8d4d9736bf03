import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signInByApi, type Answer, type ApiClient } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';

let app: RunningApp;

type Seen = { status: number; body: string; kept: boolean; headers: Headers };

const secrets = new Map<string, string>();
const secretOf = async (login: string): Promise<string> => {
	const known = secrets.get(login);
	if (known) return known;
	const answer = await fetch(`${app.address}/api/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password: 'miaopu-demo' }) });
	const { token } = (await answer.json()) as { token: string };
	secrets.set(login, token);
	return token;
};

/** Opens a page as a browser would; `more` are further cookies, and any makes it another request. */
const open = async (login: string, path: string, more = '', headers: Record<string, string> = {}): Promise<Seen> => {
	const answer = await fetch(app.address + path, { redirect: 'manual', headers: { Cookie: `miaopu_session=${await secretOf(login)}${more}`, ...headers } });
	return { status: answer.status, body: await answer.text(), kept: answer.headers.has('age'), headers: answer.headers };
};

/** Opens a page until it is kept: what was remembered from before something changed is read anew. */
const openUntilKept = async (login: string, path: string): Promise<Seen> => {
	let seen = await open(login, path);
	await expect.poll(async () => (seen = await open(login, path)).kept, { timeout: 20_000, message: `${path} is kept` }).toBe(true);
	return seen;
};

let fresh = 0;
/** The same page, made for this one request. */
const made = (login: string, path: string): Promise<Seen> => open(login, path, `; unheard_of=${(fresh += 1)}`);

/** What people see of a page: not the number of its scripts, nor the second it was made. */
const shown = ({ body }: Seen): string => body.replaceAll(/nonce="[^"]+"/g, '').replaceAll(/now:"[^"]+"/g, '').replaceAll(/__sveltekit_\w+/g, '');

let judge: ApiClient;
let worker: ApiClient;
let cards: { id: string; status: string }[];
let pages: [string, string][];
let group: { id: string; version: number };

beforeAll(async () => {
	app = await startApp({ demo: true, env: { APP_PROCESSES: '2' } });
	judge = await signInByApi(app.address, 'judge1');
	worker = await signInByApi(app.address, 'worker');
	const all = ((await judge.get('/judging')).body as { items: typeof cards }).items;
	// Untouched ones, however the demo data dealt them: their first save starts from nothing.
	cards = all.filter(({ status }) => status === 'assigned');
	const competitions = ((await (await signInByApi(app.address, 'head')).get('/competitions')).body as { items: { id: string; slug: string }[] }).items;
	const summer = competitions.find(({ slug }) => slug === 'summer')?.id;
	pages = [
		['judge1', '/app/judging'],
		...cards.slice(0, 2).map(({ id }): [string, string] => ['judge1', `/app/judging/${id}`]),
		['head', `/app/competitions/${summer}/ranking`],
		...['judge1', 'head'].map((login): [string, string] => [login, '/app']),
		...['head', 'city'].flatMap((login) =>
			['/app/organizations', '/app/competitions', '/app/station', '/app/station/next', '/app/station/maturity', '/app/station/cohorts'].map((path): [string, string] => [login, path])
		)
	];
}, 180_000);

afterAll(async () => {
	await app.stop();
	removeData(app);
});

describe('a page somebody comes back to', () => {
	test('is given again, with a number of its own for its scripts', async () => {
		for (const [login, path] of pages) {
			const again = await openUntilKept(login, path);
			expect(again.status).toBe(200);
			expect(again.headers.get('cache-control')).toBe('private, no-store');
			expect(again.headers.has('x-miaopu-grounds')).toBe(false);
			expect(shown(again), path).toBe(shown(await made(login, path)));
		}
		const numbers = new Set<string>();
		for (let look = 0; look < 6; look += 1) {
			const { body, headers } = await open('judge1', '/app/judging');
			const [, number = ''] = /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '') ?? [];
			expect(number).not.toBe('');
			expect([...body.matchAll(/nonce="([^"]+)"/g)].map(([, own]) => own)).toEqual(expect.arrayContaining([number]));
			expect(body.replaceAll(`nonce="${number}"`, '')).not.toContain('nonce="');
			numbers.add(number);
		}
		expect(numbers.size).toBe(6);
	});

	test('is nobody else’s, and another one for whoever reads otherwise', async () => {
		const own = await openUntilKept('judge1', '/app/judging');
		const other = await open('judge2', '/app/judging');
		expect(shown(other)).not.toBe(shown(own));
		const english = await open('judge1', '/app/judging', '; miaopu_locale=en');
		expect(english.body).toContain('lang="en"');
		expect((await open('judge1', '/app/judging', '', { 'Accept-Language': 'en' })).kept).toBe(false);
		const stranger = await fetch(`${app.address}/app/judging`, { redirect: 'manual' });
		expect(stranger.status).toBe(303);
	});

	test('tells nobody what it rests on, asked or not', async () => {
		const asked = await open('judge1', '/app/judging', '; asking=1', { 'x-miaopu-grounds': '1' });
		expect(asked.headers.has('x-miaopu-grounds')).toBe(false);
		const elsewhere = await open('judge1', '/app/account', '', { 'x-miaopu-grounds': '1' });
		expect(elsewhere.headers.has('x-miaopu-grounds')).toBe(false);
	});
});

describe('at once after a change, in whichever process', () => {
	const agrees = async (): Promise<void> => {
		// Whoever asks first may be dealt to either process; several looks meet both.
		for (const [login, path] of pages)
			for (let look = 0; look < 2; look += 1) {
				const seen = await open(login, path);
				const now = await made(login, path);
				expect(shown(seen), `${path} as ${login}`).toBe(shown(now));
			}
	};

	test.each<[string, () => Promise<unknown>]>([
		['a draft', () => judge.send('PUT', `/scorecards/${cards[0]?.id}`, { scores: {}, comments: {}, overall: '先记一笔', status: 'draft', version: 0, client: 'kept', seq: 1 })],
		['a recusal', () => judge.send('POST', `/scorecards/${cards[1]?.id}/recusal`, { reason: '邻居的项目' })],
		['a new group', async () => {
			const { body } = await worker.get('/organizations?limit=1');
			const station = (body as { items: { station: string }[] }).items[0]?.station;
			const application = { name: '新来的合唱队', category: 'arts', station, purpose: '每周两次，一起唱歌。', memberCount: 12, applicantName: '邹小满', applicantPhone: '13900009876', consent: true };
			const made = await worker.send('POST', '/organizations', application);
			group = made.body as typeof group;
			return made;
		}],
		['a group taken on', () => worker.send('POST', `/organizations/${group.id}/application`, { action: 'accept', version: group.version })],
		['something a group did', () => worker.send('POST', `/organizations/${group.id}/activities`, { title: '楼道大扫除', heldOn: '2026-01-10', organizer: 'group' })]
	])('%s', async (_name, change) => {
		for (const [login, path] of pages) await open(login, path);
		const answer = await change();
		expect((answer as Answer | undefined)?.status ?? 201, JSON.stringify(answer)).toBeLessThan(300);
		await agrees();
	});

	test('a scorecard shows what was saved, and the queue of another judge is still kept', async () => {
		const path = `/app/judging/${cards[0]?.id}`;
		await openUntilKept('judge1', path);
		await openUntilKept('judge2', '/app/judging');
		await judge.send('PUT', `/scorecards/${cards[0]?.id}`, { scores: {}, comments: {}, overall: '又想了想', status: 'draft', version: 0, client: 'kept', seq: 2 });
		const after = await open('judge1', path);
		expect(after.kept).toBe(false);
		expect(after.body).toContain('又想了想');
		for (let look = 0; look < 4; look += 1) expect((await open('judge1', path)).body).toContain('又想了想');
		expect((await openUntilKept('judge2', '/app/judging')).kept).toBe(true);
	});

	test('who has signed out gets nothing kept', async () => {
		await openUntilKept('worker', '/app/organizations');
		const secret = await secretOf('worker');
		const out = await fetch(`${app.address}/api/v1/sessions`, { method: 'DELETE', headers: { Authorization: `Bearer ${secret}` } });
		expect(out.status).toBe(204);
		for (let look = 0; look < 6; look += 1) expect((await open('worker', '/app/organizations')).status).toBe(303);
	});
});
