import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type ApiClient, clientOf, ok, signInByApi } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';
import { browserClient, signInByForm } from '../factories/browser-client.ts';

/**
 * A call of two rounds with judge groups and a public jury, from its announcement to its notice, by the API alone. The
 * figures on the public page are held against a computation by hand, written beside the marks.
 */

type Id = { id: string; version: number };
type Competition = Id & { timeline: { opensAt: string; closesAt: string }; screeningChecklist: { key: string }[] };
type Queue = { items: { id: string; proposal: string; status: string }[] };

const slug = 'two-rounds';
const fund = 1_000_000;
const titles = ['桥头夜灯', '三楼书架', '菜场早课', '井边凉棚'] as const;
const experts = ['judge1', 'judge2', 'judge3', 'judge4', 'judge5'] as const;
const residents = ['judge6', 'judge7'] as const;

/**
 * Reading, 40%, trimmed, experts 7 : residents 3.
 *   A: experts without 80 and 68: 217⁄3; residents 67.5; (7 × 217⁄3 + 3 × 67.5) ÷ 10 = 70.8833…
 *   B: experts without 85 and 77: 242⁄3; residents 71.5; (7 × 242⁄3 + 3 × 71.5) ÷ 10 = 77.9166…
 *   C: experts without 66 and 62: 64; residents 89; (7 × 64 + 3 × 89) ÷ 10 = 71.5
 *   D: 60 from everybody; it does not go on.
 * The trim drops totals; two residents are too few to trim.
 */
const reading = {
	experts: [[80, 75, 70, 68, 72], [85, 82, 79, 77, 81], [66, 65, 64, 63, 62], [60, 60, 60, 60, 60]],
	residents: [[64, 71], [70, 73], [90, 88], [60, 60]]
};
/**
 * The hall, 60%, mean, experts 7 : hall 3.
 *   A: 87.4 and 90: (7 × 87.4 + 3 × 90) ÷ 10 = 88.18
 *   B: 71 and 63: (7 × 71 + 3 × 63) ÷ 10 = 68.6
 *   C: 75 and 99: (7 × 75 + 3 × 99) ÷ 10 = 82.2
 */
const hall = {
	experts: [[88, 90, 86, 84, 89], [70, 71, 69, 72, 73], [75, 76, 77, 74, 73]],
	ballots: [[95, 60, 99], [85, 66, 100], [90, 63, 98]]
};
/**
 *   A: 0.4 × 70.8833… + 0.6 × 88.18 = 81.2613…
 *   C: 0.4 × 71.5     + 0.6 × 82.2  = 77.92
 *   B: 0.4 × 77.9166… + 0.6 × 68.6  = 72.3266… and 2 bonus points
 *   D: 60, and behind everybody who went on
 */
const byHand = [
	{ title: titles[0], score: '81.26', parts: ['70.88', '88.18'], bonus: '' },
	{ title: titles[2], score: '77.92', parts: ['71.50', '82.20'], bonus: '' },
	{ title: titles[1], score: '74.33', parts: ['77.92', '68.60'], bonus: '2.00' },
	{ title: titles[3], score: '60.00', parts: ['60.00', null], bonus: '' }
];

let app: RunningApp;
const api: Record<string, ApiClient> = {};
const call = { id: '', proposals: [] as string[] };

const as = clientOf(api);
const signIn = async (): Promise<void> => {
	for (const who of ['head', 'worker', ...experts, ...residents]) api[who] = await signInByApi(app.address, who);
};
const moveTo = async (moment: number): Promise<void> => {
	app.setClock(moment - Date.now());
	await new Promise((resolve) => setTimeout(resolve, 300));
	await signIn();
};
const step = (to: string): Promise<Answer> => as('head').send('POST', `/competitions/${call.id}/transitions`, { to, reason: '到时间了' });

const anchors = { high: '好', middle: '中', low: '弱' };
const rubric = [
	{ key: 'content', label: '内容', points: 60, step: 1, anchors },
	{ key: 'voice', label: '表达', points: 40, step: 1, anchors }
];
const marksOf = (total: number) => ({ content: Math.min(60, total), voice: Math.max(0, total - 60) });
const expertGroup = { key: 'experts', label: '专家', weight: 7, reviews: 5 };
const rounds = [
	{
		...{ key: 'reading', kind: 'document', label: '书面', weight: 40, rule: 'trimmed', reviews: 7, rubric },
		groups: [expertGroup, { key: 'residents', label: '居民评委', weight: 3, reviews: 2 }]
	},
	{
		...{ key: 'hall', kind: 'public_jury', label: '现场', weight: 60, rule: 'mean', reviews: 5, rubric },
		groups: [expertGroup, { key: 'public', label: '大众评审', weight: 3, by: 'codes' }]
	}
];

const score = async (judges: readonly string[], totals: readonly (readonly number[])[]): Promise<void> => {
	for (const [j, judge] of judges.entries())
		for (const { id, proposal } of ok<Queue>(await as(judge).get('/judging?limit=200')).items.filter((card) => card.status === 'assigned')) {
			const total = totals[call.proposals.indexOf(proposal)]?.[j];
			if (total === undefined) continue;
			const comments = { content: '见记录。', voice: '见记录。' };
			ok(await as(judge).send('PUT', `/scorecards/${id}`, { scores: marksOf(total), comments, status: 'submitted', version: 0 }));
		}
};

beforeAll(async () => {
	app = await startApp({ demo: true });
	await signIn();
	const { items: stations } = ok<{ items: (Id & { level: string })[] }>(await as('worker').get('/stations'));
	const station = stations.find(({ level }) => level === 'street')?.id ?? '';
	const draft = ok<Competition>(await as('head').send('POST', '/competitions', { title: '两轮一期', slug, station, theme: '身边的小事。', fund }), 201);
	call.id = draft.id;
	const eligibility = { minStage: null, minFiling: 'none', hostAccepted: true, categories: [], catchment: [station], onePerOrganization: true, noRepeatWinnerYears: 1 };
	const bonus = { cap: 5, reasons: [{ key: 'needs', label: '回应需求清单', points: 2 }] };
	ok(await as('head').send('PATCH', `/competitions/${call.id}`, { rounds, bonus, eligibility, version: draft.version }));
	ok(await step('announced'));
	await moveTo(Date.parse(draft.timeline.opensAt) + 1000);
	for (const [n, title] of titles.entries()) {
		const group = { name: `${title}小组`, category: 'arts', station, purpose: '一起做点小事。', memberCount: 8, applicantName: '邹小满', applicantPhone: `1390000410${n}`, consent: true };
		const made = ok<Id>(await as('worker').send('POST', '/organizations', group), 201);
		ok(await as('worker').send('POST', `/organizations/${made.id}/application`, { action: 'accept', version: made.version }));
		const content = {
			...{ organization: made.id, title, track: 'simple', requested: 200_000, withinCharter: true },
			answers: { why: '晚上看不清路。', how: '每周六一起动手。', who: '九个人。', change: '接着做。' },
			budget: [{ category: 'activity', item: '材料', unit: '份', quantity: 20, unitPrice: 10_000 }]
		};
		const proposal = ok<Id>(await as('worker').send('POST', `/competitions/${call.id}/proposals`, content), 201);
		ok(await as('worker').send('POST', `/proposals/${proposal.id}/submit`, {}));
		call.proposals.push(proposal.id);
	}
	await moveTo(Date.parse(draft.timeline.closesAt) + 301_000);
	const checklist = Object.fromEntries(draft.screeningChecklist.map(({ key }) => [key, true]));
	for (const proposal of call.proposals) ok(await as('head').send('POST', `/proposals/${proposal}/screening`, { outcome: 'pass', checklist }));
	ok(await as('head').send('POST', `/competitions/${call.id}/screening/release`, {}), 204);
	for (const [group, logins] of [['experts', experts], ['residents', residents]] as const)
		for (const login of logins) ok(await as('head').send('POST', `/competitions/${call.id}/judges`, { login, group }), 201);
	ok(await as('head').send('POST', `/competitions/${call.id}/assignment`, { seed: 'reading' }));
	ok(await step('judging'));
	await signIn();
}, 180_000);
afterAll(async () => {
	await app.stop();
	removeData(app);
});

describe('a call of two rounds with judge groups and a public jury', () => {
	test('its judges score a sample first, which counts nowhere, and are reminded once a day', async () => {
		const path = `/competitions/${call.id}`;
		ok(await as('head').send('PUT', `${path}/trial`, { title: '去年的一份', text: '楼道里放一张长椅。', required: true }));
		const [real] = ok<Queue>(await as('judge1').get('/judging?limit=200')).items.filter(({ proposal }) => call.proposals.includes(proposal));
		const marks = { scores: marksOf(70), comments: { content: '见记录。', voice: '见记录。' }, status: 'submitted', version: 0 };
		expect(await as('judge1').send('PUT', `/scorecards/${real?.id}`, marks)).toMatchObject({ status: 409, body: { code: 'trial_first' } });
		for (const judge of [...experts, ...residents]) {
			const card = ok<Id & { title: string; spread: unknown }>(await as(judge).get(`${path}/trial/card`));
			expect(card).toMatchObject({ title: '去年的一份', text: '楼道里放一张长椅。', editable: true, spread: null });
			ok(await as(judge).send('PUT', `/scorecards/${card.id}`, { ...marks, version: card.version }));
		}
		const { spread } = ok<{ spread: { totals: number[]; own: number } }>(await as('judge7').get(`${path}/trial/card`));
		expect(spread).toMatchObject({ totals: [70, 70, 70, 70, 70, 70, 70], own: 70 });
		expect(ok<{ judges: { status: string }[] }>(await as('worker').get(`${path}/trial`)).judges.every(({ status }) => status === 'done')).toBe(true);
		expect(ok(await as('worker').send('POST', `${path}/reminders`, { judge: 'all', text: '周五前交。' }))).toEqual({ reminded: 7, already: 0 });
		expect(ok(await as('head').send('POST', `${path}/reminders`, { judge: 'all' }))).toEqual({ reminded: 0, already: 7 });
		expect(ok<{ items: { text: string }[] }>(await as('judge3').get('/judging/reminders')).items.map(({ text }) => text)).toContain('周五前交。');
	}, 60_000);

	test('is read by two groups, and the first three go on', async () => {
		await score(experts, reading.experts);
		await score(residents, reading.residents);
		const { proposals } = ok<{ proposals: string[] }>(
			await as('head').send('POST', `/competitions/${call.id}/advancements`, { by: 'top', round: 'hall', n: 3, reason: '公告第三条：前三名进现场。' })
		);
		expect([...proposals].sort()).toEqual(call.proposals.slice(0, 3).sort());
		const dealt = ok<{ added: number; unfilled: unknown[] }>(await as('head').send('POST', `/competitions/${call.id}/assignment`, { round: 'hall', seed: 'hall' }));
		expect(dealt).toMatchObject({ added: 15, unfilled: [] });
	}, 60_000);

	test('its second round is found, assigned and followed on the pages, and judging does not end without it', async () => {
		const head = await signInByForm(app.address, 'head');
		const base = `/app/competitions/${call.id}`;
		const { text: rounds } = await head.see(`${base}/rounds`);
		for (const link of ['/assignment?round=hall', '/progress?round=hall', '/jury']) expect(rounds).toContain(`href="${base}${link}"`);
		const { text: page } = await head.see(`${base}/assignment?round=hall`);
		expect(page).toMatch(/给“现场”分配评分表/);
		// What is taken back or given by hand is of the round on the page.
		const forms = [...page.matchAll(/<form[^>]*action="\?\/(?:add|remove)&amp;[^"]*"[\s\S]*?<\/form>/g)].map(([form]) => form);
		expect(forms.length).toBeGreaterThan(0);
		expect(forms.filter((form) => !/name="round" value="hall"/.test(form))).toEqual([]);
		const rows = async (round: string): Promise<string[]> => (await head.see(`${base}/assignment/export?round=${round}`)).text.trim().split('\r\n').slice(1);
		const before = [await rows('reading'), await rows('hall')];
		expect(before.map((lines) => lines.length)).toEqual([28, 15]);
		const judge = /name="judge" value="([0-9a-f]{24})"/.exec(forms[0] ?? '')?.[1] ?? '';
		const proposal = /name="proposal" value="([0-9a-f]{24})"/.exec(forms[0] ?? '')?.[1] ?? '';
		expect((await head.send(`${base}/assignment?/remove&round=hall`, { judge, proposal, round: 'hall' })).status).toBe(303);
		expect(await rows('hall')).toHaveLength(14);
		expect((await head.send(`${base}/assignment?/add&round=hall`, { judge, proposal, round: 'hall' })).status).toBe(303);
		expect([await rows('reading'), await rows('hall')].map((lines) => [...lines].sort())).toEqual(before.map((lines) => [...lines].sort()));
		const { text: progress } = await head.see(`${base}/progress`);
		expect(progress).toMatch(/aria-current="page"[^>]*>现场 0 \/ 15/);
		expect(await as('head').send('POST', `/competitions/${call.id}/transitions`, { to: 'deliberation', reason: '' })).toMatchObject({ status: 409, body: { code: 'step_blocked' } });
	}, 30_000);

	test('the hall scores beside the experts, each code once', async () => {
		await score(experts, hall.experts);
		const { codes } = ok<{ codes: { code: string }[] }>(await as('head').send('POST', `/competitions/${call.id}/jury-codes`, { round: 'hall', count: 3, hours: 5 }), 201);
		for (const [n, ballot] of hall.ballots.entries()) {
			const scores = Object.fromEntries(ballot.map((total, p) => [call.proposals[p] ?? '', marksOf(total)]));
			ok(await as('worker').send('POST', `/jury/${codes[n]?.code}`, { scores }), 201);
			expect((await as('worker').send('POST', `/jury/${codes[n]?.code}`, { scores })).status).toBe(409);
		}
		ok(await as('head').send('POST', `/competitions/${call.id}/bonus`, { proposal: call.proposals[1], keys: ['needs'], reason: '清单第一条。' }), 204);
		ok(await step('deliberation'));
	}, 60_000);

	test('is decided and published', async () => {
		const winners = call.proposals.slice(0, 1).map((proposal) => ({ proposal, outcome: 'fund', amount: 200_000, reason: '居民自己在做。' }));
		ok(await as('head').send('POST', `/competitions/${call.id}/decision`, { awards: winners }));
		ok(await as('head').send('POST', `/competitions/${call.id}/notice`, {}), 201);
	});

	test('and its public page, its file and its recomputation say what was computed by hand', async () => {
		// What is public may be some seconds old.
		await expect.poll(async () => (await fetch(`${app.address}/competitions/${slug}/results/file`)).status, { timeout: 10_000 }).toBe(200);
		const file = await (await fetch(`${app.address}/competitions/${slug}/results/file?as=json`)).text();
		const { result } = JSON.parse(file) as { result: { title: string; score: string; bonus?: string; rounds: { key: string; score: string }[] }[] };
		expect(result.map(({ title, score: final, bonus = '', rounds: own }) => ({ title, score: final, parts: [own[0]?.score ?? null, own[1]?.score ?? null], bonus }))).toEqual(byHand);

		const { text } = await browserClient(app.address, 'miaopu_locale=zh-CN').see(`/competitions/${slug}/results`);
		const plain = text.replace(/<script[\s\S]*?<\/script>/g, '').replace(/<!--.*?-->/g, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
		const rows = byHand.map(({ title }) => plain.indexOf(title));
		expect(rows).toEqual([...rows].sort((a, b) => a - b));
		for (const [n, { score: final, parts, bonus }] of byHand.entries()) {
			const own = plain.slice(rows[n], rows[n + 1] ?? (rows[n] ?? 0) + 160);
			expect(own).toContain(final);
			expect(own).toContain(`书面 ${parts[0]}`);
			expect(own).toContain(`现场 ${parts[1] ?? '—'}`);
			expect(own.includes('加分 2.00')).toBe(bonus !== '');
		}
		expect(plain).toContain('40%');
		expect(plain).toContain('专家 7 : 居民评委 3');
		expect(plain).toContain('专家 7 : 大众评审 3');

		const stored = `${app.dataDir}.notice.json`;
		writeFileSync(stored, file);
		const said = execFileSync(process.execPath, ['build/cli/run.js', 'rank', stored], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
		for (const { score: final } of byHand) expect(said).toContain(final);
	}, 30_000);
});
