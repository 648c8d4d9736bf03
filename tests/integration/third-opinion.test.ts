import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, ok, signInByApi } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';
import { signInByForm, type BrowserClient } from '../factories/browser-client.ts';

/**
 * Two screeners disagree: whoever may give the third opinion, and the head who may settle it, find neither opinion on
 * a page, in a file or in the API, until they have given theirs or openly asked to decide.
 */

type Id = { id: string; version: number };
type Competition = Id & { timeline: { opensAt: string }; screeningChecklist: { key: string }[] };

const said = { worker: '首审理由甲乙丙', second: '次审理由丁戊己' };
const logins = { head: 'head', worker: 'worker', second: 'zheng-jianing' } as const;

let app: RunningApp;
const api = {} as Record<keyof typeof logins, ApiClient>;
let head: BrowserClient;
let call: Competition;
let proposal: string;

const signIn = async (): Promise<void> => {
	for (const who of ['head', 'worker', 'second'] as const) api[who] = await signInByApi(app.address, logins[who]);
	head = await signInByForm(app.address, 'head');
};
const pages = (): string[] => ['', '/screening', `/screening/${proposal}`, '/proposals', '/proposals/export'].map((page) => `/app/competitions/${call.id}${page}`);
const everything = async (): Promise<string> => {
	const seen = await Promise.all([...pages(), `/app/proposals/${proposal}`, `/print/proposals/${proposal}`].map((page) => head.see(page)));
	expect(seen.map(({ status }) => status)).toEqual(seen.map(() => 200));
	const answers = await Promise.all([`/proposals/${proposal}`, `/competitions/${call.id}/screening`, `/competitions/${call.id}/proposals`].map((path) => api.head.get(path)));
	return seen.map(({ text }) => text).join('\n') + JSON.stringify(answers.map(({ body }) => body));
};

beforeAll(async () => {
	app = await startApp({ demo: true });
	await signIn();
	const { items: stations } = ok<{ items: (Id & { level: string })[] }>(await api.worker.get('/stations'));
	const station = stations.find(({ level }) => level === 'street')?.id ?? '';
	call = ok<Competition>(await api.head.send('POST', '/competitions', { title: '两人初审', slug: 'two-eyes', station, theme: '身边的小事。', fund: 1_000_000 }), 201);
	const eligibility = { minStage: null, minFiling: 'none', hostAccepted: true, categories: [], catchment: [station], onePerOrganization: true, noRepeatWinnerYears: 1 };
	ok(await api.head.send('PATCH', `/competitions/${call.id}`, { screeners: 2, eligibility, version: call.version }));
	ok(await api.head.send('POST', `/competitions/${call.id}/transitions`, { to: 'announced', reason: '' }));
	app.setClock(Date.parse(call.timeline.opensAt) + 1000 - Date.now());
	await new Promise((resolve) => setTimeout(resolve, 300));
	await signIn();
	const group = { name: '灯火小组', category: 'arts', station, purpose: '一起做点小事。', memberCount: 8, applicantName: '邹小满', applicantPhone: '13900004100', consent: true };
	const made = ok<Id>(await api.worker.send('POST', '/organizations', group), 201);
	ok(await api.worker.send('POST', `/organizations/${made.id}/application`, { action: 'accept', version: made.version }));
	const content = {
		...{ organization: made.id, title: '楼道的灯', track: 'simple', requested: 200_000, withinCharter: true },
		answers: { why: '晚上看不清路。', how: '每周六一起动手。', who: '九个人。', change: '接着做。' },
		budget: [{ category: 'activity', item: '材料', unit: '份', quantity: 20, unitPrice: 10_000 }]
	};
	proposal = ok<Id>(await api.worker.send('POST', `/competitions/${call.id}/proposals`, content), 201).id;
	ok(await api.worker.send('POST', `/proposals/${proposal}/submit`, {}));
	const checklist = Object.fromEntries(call.screeningChecklist.map(({ key }) => [key, true]));
	ok(await api.worker.send('POST', `/proposals/${proposal}/screening`, { outcome: 'pass', checklist, reason: said.worker }));
	ok(await api.second.send('POST', `/proposals/${proposal}/screening`, { outcome: 'reject', reason: said.second }));
}, 120_000);
afterAll(async () => {
	await app.stop();
	removeData(app);
});

test('the head reads neither opinion before giving one or openly deciding', async () => {
	const before = await everything();
	for (const words of Object.values(said)) expect(before).not.toContain(words);
	expect(before).toContain('前面两个人意见不一，请您独立看一遍');
	const decision = { outcome: 'reject', reason: '以章程为准。', decide: true };
	expect(await api.head.send('POST', `/proposals/${proposal}/screening`, decision)).toMatchObject({ status: 409, body: { code: 'proposal_opinions_unread' } });
	expect((await api.worker.send('POST', `/proposals/${proposal}/screening/opinions`, {})).status).toBe(403);
});

test('who has opened them decides, with a reason, and cannot be the third screener', async () => {
	const page = `/app/competitions/${call.id}/screening/${proposal}`;
	expect(await head.send(`${page}?/open`, {})).toMatchObject({ status: 303 });
	const after = await everything();
	for (const words of Object.values(said)) expect(after).toContain(words);
	expect((await head.see(page)).text).toMatch(/<input[^>]*name="decide"[^>]*value="on"/);
	const opinion = { outcome: 'reject', reason: '以章程为准。' };
	expect(await api.head.send('POST', `/proposals/${proposal}/screening`, opinion)).toMatchObject({ status: 409, body: { code: 'proposal_arbiter_decides' } });
	expect((await head.send(`${page}?/screen`, { outcome: 'reject', decide: 'on', reason: '', correctionDays: '3' })).status).toBe(422);
	expect((await head.send(`${page}?/screen`, { ...opinion, decide: 'on', correctionDays: '3' })).status).toBe(303);
	expect(ok<{ status: string }>(await api.head.get(`/proposals/${proposal}`)).status).toBe('rejected');
	expect((await head.see(`/app/competitions/${call.id}/proposals/export`)).text).toContain('站长决定： 宋雅琴 · 不通过');
});
