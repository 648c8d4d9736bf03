import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiClient, signInByApi, type Answer, type ApiClient } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';
import { expected, type ExpectedRow } from './expected.ts';
import { bodies } from './requests.ts';
import { findSubjects, listAll, roleNames, roles, signInAll, type Clients, type Role, type Subjects } from './subjects.ts';

type Document = { paths: Record<string, Record<string, unknown>> };

let app: RunningApp;
let clients: Clients;
let subjects: Subjects;
let operations: string[];

beforeAll(async () => {
	app = await startApp({ demo: true });
	const { body } = await apiClient(app.address).get('/openapi.json');
	operations = Object.entries((body as Document).paths).flatMap(([path, calls]) =>
		Object.keys(calls).map((method) => `${method.toUpperCase()} ${path}`)
	);
	clients = await signInAll(app.address);
	subjects = await findSubjects(app.address, clients);
});
afterAll(async () => {
	await app.stop();
	removeData(app);
});

/** Staff of the street and the group's leader read phone numbers; whoever signs in or applies types their own. */
const readsContacts = new Set<Role>(['head', 'worker', 'leader', 'head2', 'worker2']);

const clientOf = (role: Role): ApiClient => (role === 'stranger' ? apiClient(app.address) : clients[role]);

/** The documented call a row of the table is about: `GET /organizations/{mine}` → `GET /organizations/{id}`. */
const operationOf = ({ method, path }: ExpectedRow): string | undefined => {
	const shape = (text: string): string => text.replace(/\?.*/, '').replace(/\{\w+\}/g, '{}');
	return operations.find((operation) => operation.startsWith(`${method} `) && shape(operation) === shape(`${method} ${path}`));
};

const ask = async (row: ExpectedRow, role: Role, turn: number): Promise<Answer> => {
	const operation = operationOf(row);
	if (!operation) throw new Error(`${row.method} ${row.path} is not a call of the API.`);
	const path = row.path.replace(/\{(\w+)\}/g, (_, name: keyof Subjects) => subjects[name] ?? 'no-such-subject');
	const client = clientOf(role);
	if (row.method === 'GET') return client.get(path);
	const make = bodies[`${operation}${row.variant ? ` ${row.variant}` : ''}`];
	const body = make?.(subjects, turn);
	if (body instanceof FormData) return client.upload(path, body);
	// Signing out ends the session it is called with, so it gets one of its own.
	const login = row.path === '/sessions' && row.method === 'DELETE' ? roles[role] : null;
	const caller = login ? await signInByApi(app.address, login) : client;
	return caller.send(row.method, path, body);
};

describe('the table', () => {
	test('has a line for every call of the API, and no other', () => {
		const covered = new Set(expected.map(operationOf));
		expect(operations.filter((operation) => !covered.has(operation))).toEqual([]);
		expect(expected.filter((row) => operationOf(row) === undefined)).toEqual([]);
	});

	test('everybody gets what it says', async () => {
		const wrong: string[] = [];
		let turn = 0;
		for (const row of expected) {
			const found: string[] = [];
			// Reading changes nothing for the next, so all ask at once.
			const read = row.method === 'GET' ? await Promise.all(roleNames.map((role) => ask(row, role, turn))) : [];
			for (const [at, role] of roleNames.entries()) {
				turn += 1;
				const answer = read[at] ?? (await ask(row, role, turn));
				found.push(String(answer.status));
				if (answer.status >= 400 && (answer.body as { code?: string } | null)?.code === undefined)
					wrong.push(`${row.label} as ${role}: no problem document`);
				if (!readsContacts.has(role) && row.label !== 'POST /organizations' && /(?<![\da-z.])1[3-9]\d{9}(?![\da-z])/.test(JSON.stringify(answer.body)))
					wrong.push(`${row.label} as ${role}: a whole phone number`);
			}
			if (found.join() !== row.statuses.join())
				wrong.push(`${row.line}\n${'  is'.padEnd(58)}${found.map((status) => status.padEnd(8)).join(' ')}`);
		}
		expect(wrong.join('\n')).toBe('');
		// Some two and a half thousand calls, one after the other: 12 s on two free cores, and many times that beside others.
	}, 300_000);

	test('every route below /api/v1 is in the document, and every call of the document has a route', () => {
		const root = join(import.meta.dirname, '../../src/routes/api/v1');
		const served = readdirSync(root, { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('+server.ts'))
			.flatMap((file) => {
				const path = `/${file.replace(/\/?\+server\.ts$/, '').replace(/\[(\w+)\]/g, '{$1}')}`;
				const source = readFileSync(join(root, file), 'utf8');
				return [...source.matchAll(/export const (GET|POST|PUT|PATCH|DELETE)\b/g)].map(([, method]) => `${method} ${path}`);
			});
		expect(served.filter((call) => call !== 'GET /openapi.json').sort()).toEqual([...operations].sort());
	});
});

describe('who sees what', () => {
	type Organization = { id: string; name: string; station: string; stationPath: string[] };
	let all: Organization[];
	beforeAll(async () => {
		all = await listAll<Organization>(clients.admin, '/organizations');
	});

	test('lists of organizations hold all of the caller’s scope and nothing else', async () => {
		const below = (station: string): string[] => all.filter(({ stationPath }) => stationPath.includes(station)).map(({ id }) => id);
		const own = all.filter(({ id }) => id === subjects.mine || id === '').map(({ id }) => id);
		const scopes: [Role, string[]][] = [
			['city', below(subjects.cityStation)],
			['observer', below(subjects.cityStation)],
			['head', below(subjects.street)],
			['worker', below(subjects.street)],
			['head2', below(subjects.street2)],
			['worker2', below(subjects.street2)]
		];
		for (const [role, ids] of scopes) {
			expect(ids.length).toBeGreaterThan(2);
			const found = (await listAll(clientOf(role), '/organizations', 7)).map(({ id }) => id);
			// The role may have applied for a group of its own in the table; groups of others stay out.
			expect([...found].sort(), role).toEqual([...ids].sort());
		}
		const led = (await listAll<Organization>(clients.leader, '/organizations')).map(({ id }) => id);
		expect(led).toEqual(expect.arrayContaining(own));
		expect(led.length).toBeLessThanOrEqual(2);
	});

	test('filters, searches and sorts do not reach beyond the scope', async () => {
		const { name } = all.find(({ id }) => id === subjects.theirs) ?? { name: '' };
		const none = async (role: Role, query: string) => {
			const { status, body } = await clientOf(role).get(`/organizations?${query}`);
			if (status === 200) expect((body as { items: Organization[] }).items.filter(({ station }) => station === subjects.street2), `${role} ${query}`).toEqual([]);
			else expect([403, 404], `${role} ${query}`).toContain(status);
		};
		for (const role of ['head', 'worker', 'leader', 'judge1'] as const) {
			await none(role, `q=${encodeURIComponent(name)}`);
			await none(role, `station=${subjects.street2}`);
			await none(role, `station=${subjects.cityStation}`);
			for (const sort of ['name', 'stage', 'evidence', '-maturity', 'maturity']) await none(role, `sort=${sort}&limit=200`);
		}
		const { body } = await clients.head2.get(`/organizations?q=${encodeURIComponent(name)}`);
		expect((body as { items: Organization[] }).items.map(({ id }) => id)).toContain(subjects.theirs);
	});

	test('stations are listed with everything below the caller’s own', async () => {
		const paths = await listAll<{ id: string; path: string[] }>(clients.admin, '/stations', 4);
		for (const [role, station] of [['city', subjects.cityStation], ['head', subjects.street], ['worker2', subjects.street2]] as const) {
			const found = (await listAll(clientOf(role), '/stations', 3)).map(({ id }) => id);
			expect(found.sort(), role).toEqual(paths.filter(({ path }) => path.includes(station)).map(({ id }) => id).sort());
		}
	});

	test('a draft competition is in no list of those who do not run or oversee it', async () => {
		for (const role of roleNames) {
			const { body } = await clientOf(role).get('/competitions?limit=200');
			const ids = (body as { items: { id: string }[] }).items.map(({ id }) => id);
			const may = ['admin', 'city', 'head', 'worker', 'superv', 'finance', 'observer'].includes(role);
			expect(ids.includes(subjects.draftCall), role).toBe(may);
		}
	});

	test('phone numbers are whole for the street’s staff and the leader, masked for others', async () => {
		const phones = async (role: Role): Promise<string[]> => {
			const members = await listAll<{ id: string; phone: string }>(clientOf(role), `/organizations/${subjects.mine}/members`);
			const { body } = await clientOf(role).get(`/organizations/${subjects.mine}`);
			return [...members.map(({ phone }) => phone), (body as { applicant: { phone: string } }).applicant.phone].filter((phone) => phone !== '');
		};
		for (const role of ['head', 'worker', 'leader'] as const) {
			const found = await phones(role);
			expect(found.length).toBeGreaterThan(1);
			expect(found.filter((phone) => !/^1[3-9]\d{9}$/.test(phone)), role).toEqual([]);
		}
		for (const role of ['admin', 'city', 'superv', 'finance', 'observer'] as const) {
			const found = await phones(role);
			expect(found.length).toBeGreaterThan(1);
			expect(found.filter((phone) => !/^1\d{2}\*{4}\d{4}$/.test(phone)), role).toEqual([]);
		}
	});
});

describe('a judge', () => {
	type Card = { id: string; proposal: string; status: string };

	test('finds only their own scorecards, in the queue and by address', async () => {
		const [one, two] = await Promise.all([listAll<Card>(clients.judge1, '/judging'), listAll<Card>(clients.judge2, '/judging')]);
		expect(one.length).toBeGreaterThan(3);
		const shared = new Set(one.map(({ id }) => id));
		expect(two.filter(({ id }) => shared.has(id))).toEqual([]);
		for (const { id } of two) {
			expect((await clients.judge1.get(`/scorecards/${id}`)).status).toBe(404);
			expect((await clients.judge1.send('PUT', `/scorecards/${id}`, { scores: {}, version: 0 })).status).toBe(404);
			expect((await clients.judge1.send('POST', `/scorecards/${id}/recusal`, { reason: '试试' })).status).toBe(404);
		}
	});

	test('reads nothing of the others’ marks in an own scorecard, of a proposal others have scored too', async () => {
		const [one, two] = await Promise.all([listAll<Card>(clients.judge1, '/judging'), listAll<Card>(clients.judge2, '/judging')]);
		const common = one.find(({ proposal }) => two.some((card) => card.proposal === proposal && card.status === 'submitted'));
		expect(common).toBeDefined();
		const other = two.find(({ proposal }) => proposal === common?.proposal);
		const mine = JSON.stringify((await clients.judge1.get(`/scorecards/${common?.id}`)).body);
		const theirs = (await clients.judge2.get(`/scorecards/${other?.id}`)).body as { overall: string; comments: Record<string, string> };
		const words = [theirs.overall, ...Object.values(theirs.comments)].filter((text) => text.length > 4);
		expect(words.length).toBeGreaterThan(0);
		for (const text of words) expect(mine).not.toContain(text);
		expect(mine).not.toMatch(/"(?:mean|rank|average|ranking|others|judges)"/);
	});

	test('is let into no page or call that ranks, counts or decides', async () => {
		const cookie = await browserSession('judge1');
		const base = `/app/competitions/${subjects.summer}`;
		const pages = ['', '/proposals', '/screening', '/judges', '/assignment', '/progress', '/ranking', '/decision', '/notice'].map((page) => base + page);
		for (const page of pages)
			for (const path of [page, `${page}/__data.json`]) {
				const response = await fetch(app.address + path, { headers: { cookie }, redirect: 'manual' });
				const text = await response.text();
				const refused = [403, 404].includes(response.status) || (response.status === 200 && /"status":(?:403|404)/.test(text));
				expect(refused, `${path} answered ${response.status}`).toBe(true);
			}
		for (const call of ['ranking', 'judges', 'proposals']) {
			const { status } = await clients.judge1.get(`/competitions/${subjects.summer}/${call}`);
			expect([403, 404]).toContain(status);
		}
		const results = await fetch(`${app.address}/competitions/summer/results`, { headers: { cookie } });
		expect(await results.text()).not.toMatch(/sha-?256|\d{2}\.\d{2} ?分/i);
		expect((await fetch(`${app.address}/competitions/summer/results/file`, { headers: { cookie } })).status).toBe(404);
	});

	const browserSession = async (login: string): Promise<string> => {
		const response = await fetch(`${app.address}/login`, {
			method: 'POST',
			redirect: 'manual',
			headers: { Origin: app.address, Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams({ login, password: 'miaopu-demo' })
		});
		expect(response.status).toBe(303);
		return response.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
	};
});
