import { deflateSync } from 'node:zlib';
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiClient, signInByApi, type Answer, type ApiClient } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';
import { sampleOf, shapesOf, textPaths, withAt, type JsonSchema } from '../factories/json-schema.ts';

type Call = { method: 'POST' | 'PUT' | 'PATCH'; path: string; schema: JsonSchema };
type Described = { requestBody?: { content: Record<string, { schema: JsonSchema }> }; parameters?: { name: string; in: string }[] };

let app: RunningApp;
let people: Record<'admin' | 'head' | 'worker' | 'leader' | 'judge1', ApiClient>;
let schemas: Record<string, JsonSchema>;
let described: [string, string, Described][];
let calls: Call[];
let cookie: string;
const nobody = '0123456789abcdef01234567';

beforeAll(async () => {
	app = await startApp({ demo: true });
	const { body } = await apiClient(app.address).get('/openapi.json');
	const document = body as { paths: Record<string, Record<string, Described>>; components?: { schemas?: Record<string, JsonSchema> } };
	schemas = document.components?.schemas ?? {};
	described = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, call]): [string, string, Described] => [method.toUpperCase(), path, call])
	);
	calls = described.flatMap(([method, path, { requestBody }]) => {
		const schema = requestBody?.content['application/json']?.schema;
		return schema ? [{ method: method as Call['method'], path, schema }] : [];
	});
	const names = ['admin', 'head', 'worker', 'leader', 'judge1'] as const;
	const clients = await Promise.all(names.map((login) => signInByApi(app.address, login)));
	people = Object.fromEntries(names.map((name, at) => [name, clients[at]])) as typeof people;
	cookie = await signInByForm();
});
afterAll(async () => {
	expect(await app.stop()).toBe(0);
	removeData(app);
});

const formPost = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
	fetch(app.address + path, {
		method: 'POST',
		redirect: 'manual',
		headers: { Origin: app.address, Accept: 'text/html', ...headers },
		body: new URLSearchParams(fields)
	});
const signInByForm = async (): Promise<string> => {
	const response = await formPost('/login', { login: 'leader', password: 'miaopu-demo' });
	expect(response.status).toBe(303);
	return response.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
};

const filled = (path: string): string => path.replace(/\{\w+\}/g, nobody);
/** Nothing of our inside: no stack, no file, no word of the database. */
const tells = (text: string): boolean =>
	/\bat .+\.(?:js|ts):\d+|node_modules|file:\/\/|\/work\/|\/build\/|Mongo|mongoose|E11000|CastError|ZodError|Cannot read prop|undefined is not/i.test(text);
const expectRefusal = ({ status, body, headers }: Answer, wanted: number | readonly number[], what: string): void => {
	expect([wanted].flat(), `${what} answered ${status} ${JSON.stringify(body)}`).toContain(status);
	expect(headers.get('content-type'), what).toContain('application/problem+json');
	expect(tells(JSON.stringify(body)), `${what}: ${JSON.stringify(body)}`).toBe(false);
};
const raw = async (path: string, init: RequestInit): Promise<Answer> => {
	const response = await fetch(`${app.address}/api/v1${path}`, init);
	const text = await response.text();
	return { status: response.status, headers: response.headers, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
};
const token = async (login: string): Promise<string> => {
	const { body } = await apiClient(app.address).send('POST', '/sessions', { login, password: 'miaopu-demo' });
	return (body as { token: string }).token;
};

describe('bodies', () => {
	test.for([[{ $gt: '' }], [{ $ne: null }], [{ $where: 'sleep(1000)' }], [{ $regex: '.*' }], [['a', { $gt: '' }]]])('%j in place of any text is refused at its field', async ([operator]) => {
		let fields = 0;
		const wrong: string[] = [];
		for (const { method, path, schema } of calls) {
			for (const shape of shapesOf(schema, schemas)) {
				const sample = sampleOf(shape, schemas);
				for (const at of textPaths(shape, schemas)) {
					fields += 1;
					const { status, body } = await people.head.send(method, filled(path), withAt(sample, at, operator));
					const named = ((body as { errors?: { path: string }[] }).errors ?? []).some((error) => error.path.startsWith(String(at[0])));
					if (status !== 422 || !named || tells(JSON.stringify(body)))
						wrong.push(`${method} ${path} ${at.join('.')}: ${status} ${JSON.stringify(body).slice(0, 200)}`);
				}
			}
		}
		expect(wrong).toEqual([]);
		expect(fields).toBeGreaterThan(100);
	});

	test('of another type, broken, too large or too deep are refused by every call', async () => {
		const bearer = { Authorization: `Bearer ${await token('head')}` };
		const deep = `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
		for (const { method, path } of calls) {
			const what = `${method} ${path}`;
			const send = (body: BodyInit, type: string) => raw(filled(path), { method, body, headers: { ...bearer, 'Content-Type': type } });
			expectRefusal(await send('name=a', 'application/x-www-form-urlencoded'), 415, what);
			expectRefusal(await send('<a/>', 'application/xml'), 415, what);
			expectRefusal(await send('{"name":', 'application/json'), 422, what);
			expectRefusal(await send(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 'application/json'), 422, what);
			for (const text of ['null', '[]', '"text"', '7', 'true']) expectRefusal(await send(text, 'application/json'), 422, `${what} with ${text}`);
			expectRefusal(await send(deep, 'application/json'), [404, 409, 422], what);
		}
		for (const { method, path } of calls.slice(0, 5))
			expectRefusal(await raw(filled(path), { method, body: `{"name":"${'a'.repeat(600_000)}"}`, headers: { ...bearer, 'Content-Type': 'application/json' } }), 413, `a large body to ${path}`);
	});

	test('that were refused unread do not stop the connection they came by', async () => {
		const agent = new Agent({ keepAlive: true, maxSockets: 1 });
		const send = (method: string, path: string, body?: string, type = 'application/json') =>
			new Promise<number>((resolve, reject) => {
				const sent = request(app.address + path, { agent, method, timeout: 5000, headers: { 'Content-Type': type } }, (answer) => {
					answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
				});
				sent.on('timeout', () => sent.destroy(new Error(`${method} ${path} got no answer`))).on('error', reject);
				sent.end(body);
			});
		for (const [path, type] of [['/api/v1/sessions', 'application/json'], ['/api/v1/sessions', 'application/xml'], ['/login', 'text/plain'], ['/nowhere', 'application/json']] as const) {
			expect(await send('POST', path, `"${'a'.repeat(600_000)}"`, type), path).toBeGreaterThanOrEqual(400);
			expect(await send('GET', '/healthz')).toBe(200);
		}
		agent.destroy();
	});

	test('keys that reach for prototypes change nothing', async () => {
		for (const { method, path, schema } of calls) {
			const sample = JSON.stringify(sampleOf(schema, schemas)).replace(/\}$/, ',"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}').replace('{,', '{');
			const { status, body } = await raw(filled(path), {
				method,
				body: sample,
				headers: { Authorization: `Bearer ${await sharedToken()}`, 'Content-Type': 'application/json' }
			});
			expect([401, 403, 404, 409, 422], `${method} ${path}: ${JSON.stringify(body)}`).toContain(status);
		}
		expect((await people.head.send('POST', '/stations', { name: '探路', slug: 'probe', level: 'street', parent: null })).status).toBe(403);
		expect((await apiClient(app.address).get('/organizations')).status).toBe(401);
	});

	let shared = '';
	const sharedToken = async (): Promise<string> => (shared ||= await token('judge1'));

	test('records of free keys take no operators, dots or prototypes', async () => {
		const [card] = ((await people.judge1.get('/judging')).body as { items: { id: string; status: string }[] }).items.filter(({ status }) => status === 'assigned');
		let { version } = (await people.judge1.get(`/scorecards/${card?.id}`)).body as { version: number };
		for (const key of ['$set', '$where', 'a.b', '', '__proto__', 'constructor', 'unknown'])
			for (const field of ['scores', 'comments']) {
				const body = `{"${field}":{${JSON.stringify(key)}:${field === 'scores' ? '1' : '"x"'}},"version":${version}}`;
				const answer = await raw(`/scorecards/${card?.id}`, { method: 'PUT', body, headers: { Authorization: `Bearer ${await sharedToken()}`, 'Content-Type': 'application/json' } });
				// A prototype's name sets no key of its own, so such a save may pass as an empty one.
				if (key === '__proto__' && answer.status === 200) {
					expect(JSON.stringify(answer.body)).not.toContain('__proto__');
					version = (answer.body as { version: number }).version;
					continue;
				}
				expectRefusal(answer, 422, `${field} ${key}`);
			}
	});
});

describe('addresses', () => {
	test('with ids that are none, or nobody’s, are not found by every call', async () => {
		const sides = ['zzz', nobody, '%00', '..%2f..', '[object Object]', '$where', 'x'.repeat(2000)];
		for (const [method, path, { requestBody }] of described) {
			if (!path.includes('{')) continue;
			const schema = requestBody?.content['application/json']?.schema;
			const body = schema ? sampleOf(schema, schemas) : undefined;
			for (const side of sides) {
				const address = path.replace(/\{\w+\}/g, encodeURIComponent(decodeURIComponent(side))) + (path.endsWith('/transitions') && method === 'GET' ? '?to=judging' : '');
				const answer = method === 'GET' ? await people.admin.get(address) : await people.admin.send(method as 'POST', address, body);
				const allowed = path.endsWith('/attachments') ? [404, 415] : schema ? [404, 422] : [404];
				expect(allowed, `${method} ${address.slice(0, 80)} answered ${answer.status} ${JSON.stringify(answer.body)}`).toContain(answer.status);
				expect(tells(JSON.stringify(answer.body)), `${method} ${address.slice(0, 80)}`).toBe(false);
			}
		}
	});

	test('with a cursor or a limit nobody gave are refused', async () => {
		const [call] = ((await people.head.get('/competitions')).body as { items: { id: string }[] }).items;
		const [organization] = ((await people.head.get('/organizations')).body as { items: { id: string }[] }).items;
		const lists = described.filter(([method, , { parameters }]) => method === 'GET' && parameters?.some(({ name }) => name === 'cursor')).map(([, path]) => path);
		expect(lists.length).toBeGreaterThan(6);
		const packed = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
		const cursors = ['nonsense', packed([{ $gt: '' }, { $gt: '' }]), packed([null]), packed({ $gt: '' }), packed(['a', 'b', 'c', 'd', 'e']), packed([{ $date: 'never' }, nobody]), packed(['a', { $ne: 1 }]), '%%%'];
		for (const path of lists) {
			const address = path.replace('/competitions/{id}', `/competitions/${call?.id}`).replace('{id}', organization?.id ?? '');
			for (const cursor of cursors) expectRefusal(await people.head.get(`${address}?cursor=${encodeURIComponent(cursor)}`), [404, 422], `${path} ${cursor}`);
			for (const limit of ['0', '-1', '1e9', 'x', '{"$gt":0}']) expectRefusal(await people.head.get(`${address}?limit=${encodeURIComponent(limit)}`), 422, `${path} limit=${limit}`);
		}
	});

	test('with operators in their questions find nothing more', async () => {
		for (const query of ['q[$ne]=a', 'q=%7B%22%24ne%22%3Anull%7D', 'status[$ne]=applied', 'station[$gt]='])
			expect([200, 422]).toContain((await people.worker.get(`/organizations?${query}`)).status);
		const { body } = await people.worker.get('/organizations?q=.*');
		expect((body as { items: unknown[] }).items).toEqual([]);
	});
});

describe('pages and forms', () => {
	test('carry the headers that keep browsers safe', async () => {
		for (const path of ['/', '/login', '/competitions', '/competitions/spring', '/app', '/not-there', '/api/v1/openapi.json', '/healthz']) {
			const { headers } = await fetch(app.address + path, { headers: { cookie }, redirect: 'manual' });
			expect(headers.get('x-content-type-options'), path).toBe('nosniff');
			expect(headers.get('x-frame-options'), path).toBe('DENY');
			expect(headers.get('referrer-policy'), path).toBe('same-origin');
			expect(headers.get('x-powered-by'), path).toBeNull();
			if (!headers.get('content-type')?.includes('text/html')) continue;
			const policy = headers.get('content-security-policy') ?? '';
			for (const rule of ["default-src 'self'", "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'"]) expect(policy, path).toContain(rule);
			expect(policy, path).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
		}
	});

	test('give a session cookie scripts cannot read and other sites cannot send', async () => {
		const response = await formPost('/login', { login: 'leader', password: 'miaopu-demo' });
		const lines = response.headers.getSetCookie().filter((line) => /session/i.test(line));
		expect(lines).toHaveLength(1);
		expect(lines[0]).toMatch(/; *HttpOnly/i);
		expect(lines[0]).toMatch(/; *SameSite=(?:Lax|Strict)/i);
		expect(lines[0]).toMatch(/; *Path=\//i);
		expect((await fetch(`${app.address}/app`, { headers: { cookie }, redirect: 'manual' })).headers.get('cache-control')).toContain('no-store');
	});

	test('refuse what another site sends', async () => {
		for (const origin of ['https://elsewhere.example', 'null', app.address.replace('http:', 'https:')])
			expect((await formPost('/login', { login: 'leader', password: 'miaopu-demo' }, { Origin: origin })).status, origin).toBe(403);
		const none = await new Promise<number>((resolve, reject) => {
			const sent = request(`${app.address}/logout`, { method: 'POST', headers: { cookie, 'Content-Type': 'application/x-www-form-urlencoded' } }, (answer) => {
				answer.resume();
				resolve(answer.statusCode ?? 0);
			});
			sent.on('error', reject);
			sent.end('a=b');
		});
		expect(none).toBe(403);
		expect((await fetch(`${app.address}/app`, { headers: { cookie }, redirect: 'manual' })).status).toBe(200);
	});

	test('refuse field names that reach for prototypes, and too many of them', async () => {
		for (const name of ['__proto__', '__proto__.admin', 'constructor.prototype.admin', 'a.__proto__.b', 'login[$gt]', 'login.$gt', 'x'.repeat(300)]) {
			const response = await formPost('/login', { login: 'leader', password: 'wrong', [name]: '1' });
			expect(response.status, name).toBe(422);
			expect(tells(await response.text()), name).toBe(false);
		}
		const many = Object.fromEntries(Array.from({ length: 2100 }, (_, n) => [`f${n}`, '1']));
		expect((await formPost('/login', many)).status).toBe(422);
		const script = '"><script>alert(1)</script>';
		const text = await (await formPost('/login', { login: script, password: 'wrong' })).text();
		expect(text).not.toContain('<script>alert(1)');
	});
});

describe('files', () => {
	const crc = (bytes: Uint8Array): number => {
		let c = ~0;
		for (const byte of bytes) {
			c ^= byte;
			for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
		}
		return ~c >>> 0;
	};
	const chunk = (type: string, data: Uint8Array): Buffer => {
		const body = Buffer.concat([Buffer.from(type), data]);
		const size = Buffer.alloc(4);
		size.writeUInt32BE(data.length);
		const sum = Buffer.alloc(4);
		sum.writeUInt32BE(crc(body));
		return Buffer.concat([size, body, sum]);
	};
	/** A white one-bit picture of any size, some kilobytes when packed. */
	const png = (width: number, height: number): Buffer => {
		const head = Buffer.alloc(13);
		head.writeUInt32BE(width);
		head.writeUInt32BE(height, 4);
		head[8] = 1;
		const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height);
		return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', new Uint8Array())]);
	};
	const pdf = Buffer.from('%PDF-1.4\n%%EOF\n');
	let draft: string;

	beforeAll(async () => {
		const [organization] = ((await people.leader.get('/organizations')).body as { items: { id: string }[] }).items;
		const spring = ((await people.head.get('/competitions')).body as { items: { id: string; slug: string }[] }).items.find(({ slug }) => slug === 'spring');
		const made = await people.leader.send('POST', `/competitions/${spring?.id}/proposals`, { organization: organization?.id });
		draft = (made.body as { id?: string; current?: { id: string } }).current?.id ?? (made.body as { id: string }).id;
	});

	const upload = (name: string, bytes: Uint8Array): Promise<Answer> => {
		const form = new FormData();
		form.set('file', new File([new Uint8Array(bytes)], name));
		return people.leader.upload(`/proposals/${draft}/attachments`, form);
	};

	test('are taken when they are what their name says, pictures encoded anew', async () => {
		expect((await upload('预算.pdf', pdf)).status).toBe(201);
		const picture = png(40, 30);
		const { status, body } = await upload('合影.png', picture);
		expect(status, JSON.stringify(body)).toBe(201);
		const stored = body as { id: string; name: string; type: string };
		const response = await fetch(`${app.address}/api/v1/proposals/${draft}/attachments/${stored.id}`, { headers: { Authorization: `Bearer ${await token('leader')}` } });
		expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
		expect(response.headers.get('x-content-type-options')).toBe('nosniff');
		expect(Buffer.from(await response.arrayBuffer()).equals(picture)).toBe(false);
	});

	test('are refused by name when they are something else, empty, too large or a bomb', async () => {
		const page = Buffer.from('<html><script>alert(1)</script></html>');
		const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
		for (const [name, bytes] of [
			['说明.pdf', page],
			['照片.png', pdf],
			['照片.jpg', program],
			['表.xlsx', pdf],
			['网页.html', page],
			['图.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
			['没有结尾', pdf],
			['空.pdf', Buffer.alloc(0)],
			['断的.png', png(40, 30).subarray(0, 45)]
		] as const) {
			const answer = await upload(name, bytes);
			expectRefusal(answer, [415, 422], name);
			expect((answer.body as { title: string }).title, name).toContain(name);
		}
		expectRefusal(await upload('大.pdf', Buffer.concat([pdf, Buffer.alloc(10 * 1024 * 1024)])), 413, 'a large file');
		const bomb = png(30_000, 30_000);
		expect(bomb.length).toBeLessThan(2_000_000);
		const millis = async <Result>(work: Promise<Result>): Promise<[Result, number]> => {
			const began = Date.now();
			return [await work, Date.now() - began];
		};
		const [, ordinary] = await millis(upload('又一张.png', png(40, 30)));
		const [answer, taken] = await millis(upload('炸弹.png', bomb));
		expectRefusal(answer, 415, 'a bomb');
		expect((answer.body as { title: string }).title).toContain('炸弹.png');
		// On a busy machine an ordinary picture takes its time too.
		expect(taken).toBeLessThan(Math.max(5000, 40 * ordinary));
	});

	test('keep a name without paths and tricks', async () => {
		const { body } = await upload('..\\../etc/p<b>asswd".pdf', pdf);
		expect((body as { name: string }).name).not.toMatch(/[/\\<>"]/);
	});

	test('come by multipart alone, with the field there', async () => {
		expectRefusal(await people.leader.send('POST', `/proposals/${draft}/attachments`, { file: 'x' }), 415, 'JSON for a file');
		expectRefusal(await people.leader.upload(`/proposals/${draft}/attachments`, new FormData()), [415, 422], 'no file');
		const broken = await raw(`/proposals/${draft}/attachments`, {
			method: 'POST',
			body: 'not what the boundary says',
			headers: { Authorization: `Bearer ${await token('leader')}`, 'Content-Type': 'multipart/form-data; boundary=x' }
		});
		expectRefusal(broken, [415, 422], 'a broken form');
	});
});

describe('guessing', () => {
	test('passwords of one account ends in 429 with the time to wait, for that account alone', async () => {
		const stranger = apiClient(app.address);
		const tries: Answer[] = [];
		for (let n = 0; n < 12; n += 1) tries.push(await stranger.send('POST', '/sessions', { login: 'finance', password: `guess-${n}` }));
		expect(tries.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill(401));
		const last = tries.at(-1);
		expect(last?.status).toBe(429);
		expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(60);
		expect((await stranger.send('POST', '/sessions', { login: 'finance', password: 'miaopu-demo' })).status).toBe(429);
		expect((await stranger.send('POST', '/sessions', { login: 'observer', password: 'miaopu-demo' })).status).toBe(201);
	});

	test('tokens gets a stranger’s answers', async () => {
		for (const bearer of ['x'.repeat(40), '../../etc', '{"$gt":""}', ''])
			expect((await raw('/organizations', { headers: { Authorization: `Bearer ${bearer}` } })).status).toBe(401);
	});

	test('a wrong name and a wrong password are told apart by nothing', async () => {
		const stranger = apiClient(app.address);
		const [name, password] = await Promise.all(['nobody-at-all', 'city'].map((login) => stranger.send('POST', '/sessions', { login, password: 'wrong-password' })));
		expect(name?.status).toBe(401);
		expect(name?.body).toEqual(password?.body);
	});
});
