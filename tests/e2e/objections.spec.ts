import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Browser, type Page } from '@playwright/test';
import { apiClient, signInByApi, type ApiClient } from '../factories/api-client.ts';
import { smallPng } from '../factories/small-files.ts';
import { expectNoSidewaysScroll, press, unfold } from '../pages/acting.ts';
import { award, decide } from '../pages/panel.ts';
import { rubric, scoreProposal } from '../pages/scorecard.ts';
import { test } from './app.ts';
import { moveServerClock } from './clock.ts';
import { address, openBrowser, person, signedIn } from './people.ts';

test.use({ subject: 'objections' });


const hour = 3600_000;
const day = 24 * hour;
const slug = 'second-look';
const titles = ['门前的凉棚', '夜校的灯', '楼顶菜园'];
const marks = [15, 15, 12, 12, 12, 8, 4];
const plain = { width: 360, javaScript: false };

type Id = { id: string };
type Answered = { status: number; body: unknown };
const ok = <Body>({ status, body }: Answered): Body => {
	expect(status, JSON.stringify(body)).toBeLessThan(300);
	return body as Body;
};
const at = <T>(list: readonly T[], place: number): T => {
	const found = list[place];
	if (found === undefined) throw new Error(`nothing at ${place}`);
	return found;
};

/** Pages that only exist while something is under way are looked at here, on a phone too. */
const look = async (page: Page): Promise<void> => {
	const size = page.viewportSize() ?? { width: 1280, height: 900 };
	for (const width of [1280, 360]) {
		await page.setViewportSize({ width, height: size.height });
		await expectNoSidewaysScroll(page);
		expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
	}
	await page.setViewportSize(size);
};

/** What a stranger's own script makes of a published file. */
const recompute = async (n: number): Promise<{ digest: string; ranking: { number: string; score: string }[] }> => {
	const file = join(mkdtempSync(join(tmpdir(), 'notice-')), 'notice.json');
	const response = await fetch(`${address()}/competitions/${slug}/results/file?notice=${n}&as=json`);
	writeFileSync(file, Buffer.from(await response.arrayBuffer()));
	return JSON.parse(execFileSync(process.execPath, ['tests/outside/check-notice.js', file], { encoding: 'utf8' })) as Awaited<ReturnType<typeof recompute>>;
};

test.describe.serial('from the last scorecard to decided awards, through two objections', () => {
	let worker: ApiClient;
	let head: Page;
	let office: Page;
	let competition = '';
	const judges = new Map<string, ApiClient>();
	/** Heads the city, so may look at every objection, member of its committee or not. */
	const overseer = '孟庆芬';

	test.afterAll(async () => {
		moveServerClock(0);
		await head?.context().close();
		await office?.context().close();
	});

	const stranger = async (browser: Browser): Promise<Page> => (await openBrowser(browser, plain)).newPage();
	const signInAgain = async (): Promise<void> => {
		worker = await signInByApi(address(), 'worker');
		for (const n of [1, 2, 3, 4, 5, 6]) judges.set(`judge${n}`, await signInByApi(address(), `judge${n}`));
	};
	const publishedTable = async (page: Page): Promise<string> => (await page.getByRole('table').innerText()).replaceAll(/\s+/g, ' ');
	const theirSeats = async (id: string): Promise<ApiClient[]> => {
		const found: ApiClient[] = [];
		const staff = await Promise.all(['supervisor', 'finance', 'observer'].map((login) => signInByApi(address(), login)));
		for (const client of [...judges.values(), ...staff]) if ((await client.get(`/objections/${id}`)).status === 200) found.push(client);
		return found;
	};

	test('a round is scored but for one card', async () => {
		const headApi = await signInByApi(address(), 'head');
		await signInAgain();
		const organizations = ok<{ items: (Id & { name: string; status: string; station: string })[] }>(await worker.get('/organizations?limit=200')).items;
		const groups = organizations.filter(({ status }) => status === 'incubating').slice(0, 3);
		const start = Date.now();
		const made = ok<Id>(
			await headApi.send('POST', '/competitions', {
				title: '再看一眼·微创投',
				slug,
				station: at(groups, 0).station,
				theme: '小事办好。',
				fund: 450_000,
				eligibility: { minStage: null, minFiling: 'none', hostAccepted: true, categories: [], catchment: [at(groups, 0).station], onePerOrganization: true, noRepeatWinnerYears: null },
				timeline: { announcesAt: null, opensAt: new Date(start - hour).toISOString(), closesAt: new Date(start + day).toISOString(), graceSeconds: 0, scoringUntil: null }
			})
		);
		competition = made.id;
		const step = (to: string) => headApi.send('POST', `/competitions/${competition}/transitions`, { to, reason: '' });
		ok(await step('announced'));
		const proposals: string[] = [];
		for (const [n, group] of groups.entries()) {
			const draft = {
				organization: group.id,
				title: titles[n],
				track: 'simple',
				answers: { why: '四十户用得上。', how: '每周六一次。', who: '队里九个人。', change: '一年后自己接着做。' },
				budget: [{ category: 'activity', item: '材料', unit: '份', quantity: 20, unitPrice: 10_000 }],
				requested: 200_000,
				withinCharter: true
			};
			const { id } = ok<Id>(await worker.send('POST', `/competitions/${competition}/proposals`, draft));
			ok(await worker.send('POST', `/proposals/${id}/submit`, {}));
			proposals.push(id);
		}
		moveServerClock(2 * day);
		await signInAgain();
		const later = await signInByApi(address(), 'head');
		const { screeningChecklist } = ok<{ screeningChecklist: { key: string }[] }>(await later.get(`/competitions/${competition}`));
		const checklist = Object.fromEntries(screeningChecklist.map(({ key }) => [key, true]));
		for (const id of proposals) ok(await worker.send('POST', `/proposals/${id}/screening`, { outcome: 'pass', checklist }));
		for (const login of judges.keys()) ok(await later.send('POST', `/competitions/${competition}/judges`, { login }));
		ok(await later.send('POST', `/competitions/${competition}/assignment`, { reviews: 3, seed: slug }));
		ok(await later.send('POST', `/competitions/${competition}/transitions`, { to: 'judging', reason: '' }));
		let left = 9;
		for (const judge of judges.values()) {
			type Card = Id & { competition: string; proposal: string; version: number; rubric: { criteria: { key: string }[] } };
			const { items } = ok<{ items: Card[] }>(await judge.get('/judging'));
			for (const { id, proposal } of items.filter((card) => card.competition === competition)) {
				left -= 1;
				if (left === 0) break;
				const card = ok<Card>(await judge.get(`/scorecards/${id}`));
				const given = marks.map((points, n) => (n === 0 ? 18 - 2 * proposals.indexOf(proposal) : points));
				const scores = Object.fromEntries(card.rubric.criteria.map(({ key }, n) => [key, at(given, n)]));
				ok(await judge.send('PUT', `/scorecards/${id}`, { scores, comments: {}, status: 'submitted', version: card.version }));
			}
		}
		expect(left).toBe(0);
	});

	test('the last card is handed in, the room decides, and everybody sees the same notice at once', async ({ browser }) => {
		head = await signedIn(browser, 'head');
		for (const [login, client] of judges) {
			type Card = { competition: string; status: string; title: string };
			const { items } = ok<{ items: Card[] }>(await client.get('/judging'));
			const open = items.find((card) => card.competition === competition && card.status === 'assigned');
			if (!open) continue;
			const judge = await signedIn(browser, login, { width: 360 });
			await scoreProposal(judge, open.title, marks.map((points, n) => (n === 0 ? 18 - 2 * titles.indexOf(open.title) : points)));
			await judge.context().close();
		}
		expect(rubric).toHaveLength(marks.length);
		await head.goto(`/app/competitions/${competition}/progress`);
		await press(head, '结束评审');
		await expect(head.getByText('评议中').first()).toBeVisible();

		const judge = await person(browser, 'judge1', { width: 360 });
		await judge.getByRole('link', { name: '“再看一眼·微创投”正在评议，您可以发表意见' }).click();
		const item = judge.getByRole('region', { name: at(titles, 2) });
		if ((await item.count()) > 0) {
			const fold = await unfold(item, `写一条意见：${at(titles, 2)}`);
			await fold.getByLabel('意见', { exact: true }).fill('菜园谁来浇水，写得不够。');
			await press(fold, '记下');
			await expect(judge.getByText('菜园谁来浇水，写得不够。')).toBeVisible();
		}
		await look(judge);
		await judge.context().close();

		await head.goto(`/app/competitions/${competition}/decision`);
		await head.getByRole('link', { name: '按名额配置' }).click();
		await expect(head.getByText('名额没有改变按名次的结果。')).toBeVisible();
		await head.goto(`/app/competitions/${competition}/decision/quotas?max.track:simple=1`);
		await expect(head.getByText(/让出：因为“简表.*”的名额/)).toBeVisible();
		await look(head);
		await head.getByRole('link', { name: '回到评议' }).click();
		await look(head);
		await press(head, '按名次填好');
		await expect(head.getByText('已保存。')).toBeVisible();
		const public1 = await stranger(browser);
		await public1.goto(`/competitions/${slug}/results`);
		await expect(public1.getByText('结果还没有公示')).toBeVisible();
		await head.goto(`/app/competitions/${competition}/notice`);
		await press(head, '公布结果');
		await expect(head.getByRole('heading', { name: '第 1 次公示' })).toBeVisible();
		await expect(async () => {
			await public1.reload();
			await expect(public1.getByRole('link', { name: '提出异议' }).first()).toBeVisible({ timeout: 500 });
		}).toPass();
		const { digest, ranking } = await recompute(1);
		await expect(public1.getByText(digest)).toBeVisible();
		const table = await publishedTable(public1);
		for (const { number, score } of ranking) expect(table).toMatch(new RegExp(`${number} .*?${score}`));
		await public1.context().close();
	});

	let receipt = '';
	let followed = '';
	test('a stranger objects from a phone without scripts; a file too large is refused and no word is lost', async ({ browser }) => {
		const page = await stranger(browser);
		await page.goto(`/competitions/${slug}/results`);
		await page.getByRole('link', { name: '提出异议' }).first().click();
		await page.getByLabel('关于哪个项目').selectOption({ label: `${slug}-002 ${at(titles, 1)}` });
		await page.getByLabel('哪里不对，为什么').fill('夜校的灯去年街道已经装过一批，预算重复了。');
		await page.getByLabel('您的姓名').fill('曲阿婆');
		await page.getByLabel('电话或邮箱').fill('13911119999');
		const files = page.getByLabel('证据');
		const large = join(mkdtempSync(join(tmpdir(), 'evidence-')), '很大.pdf');
		writeFileSync(large, Buffer.alloc(20 * 1024 * 1024));
		await files.setInputFiles(large);
		await press(page, '提交异议');
		await expect(page.getByRole('alert')).toContainText('“很大.pdf”太大了，最多 10 MB。');
		await expect(page.getByLabel('哪里不对，为什么')).toHaveValue('夜校的灯去年街道已经装过一批，预算重复了。');
		await expect(page.getByLabel('您的姓名')).toHaveValue('曲阿婆');
		await files.setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer: smallPng() });
		await press(page, '提交异议');
		await expect(page.getByRole('heading', { name: '已收到您的异议' })).toBeVisible();
		receipt = (await page.getByText(/^YY-[2-9A-Z]{4}-[2-9A-Z]{4}$/).innerText()).trim();
		followed = page.url();
		await page.context().close();
	});

	test('a committee that had no hand in it hears both sides and upholds the objection', async ({ browser }) => {
		office = await person(browser, 'worker');
		await office.getByRole('link', { name: `异议 ${receipt}：请成立复核小组` }).click();
		const objection = office.url().split('/').at(-1) ?? '';
		await expect(office.getByText('曲阿婆 · 13911119999')).toBeVisible();
		await look(office);
		const members = office.getByRole('checkbox', { name: new RegExp(`^(?!${overseer})`) });
		await expect(members.nth(2)).toBeVisible();
		for (const n of [0, 1, 2]) await members.nth(n).check();
		await press(office, '成立复核小组');
		for (const [side, text] of [['申报组织', '去年装的是楼道灯，不是夜校的。'], ['评委方', '申报书没有附去年的清单。']] as const) {
			await office.getByLabel('哪一方').selectOption({ label: side });
			await office.getByLabel('说了什么').fill(text);
			await press(office, '记录');
			await expect(office.getByText(text)).toBeVisible();
		}
		await head.goto(`/app/competitions/${competition}/notice`);
		await expect(head.getByText(`还有 1 件异议没有答复（${receipt}），答复以后才能确定结果。`)).toBeVisible();

		const seats = await theirSeats(objection);
		expect(seats.length).toBeGreaterThanOrEqual(2);
		for (const seat of seats.slice(0, 2)) ok(await seat.send('POST', `/objections/${objection}/votes`, { uphold: 'yes', reason: '清单对不上，应减少。' }));
		await office.reload();
		await look(office);
		await office.getByLabel('异议摘要（会公开）').fill('夜校的灯和去年的项目重复。');
		await office.getByLabel('答复（会公开）', { exact: true }).fill('核对去年清单，有八盏重复，资助额相应减少。');
		await press(office, '发布答复');
		await expect(office.getByRole('heading', { name: '答复：异议成立' })).toBeVisible();
	});

	test('the correction is a new notice; the old one stays with its own digest', async ({ browser }) => {
		const before = await recompute(1);
		await head.goto('/app');
		await head.getByRole('link', { name: `异议 ${receipt} 成立，请更正结果` }).click();
		await head.getByLabel('更正什么').fill('夜校的灯：去掉重复的八盏，资助 1200 元。');
		await press(head, '退回评议并更正');
		await head.getByRole('link', { name: '去修改决定' }).click();
		await decide(head, at(titles, 1), { outcome: '资助', amount: '1200', reason: '去掉重复的八盏灯。' });
		await press(head, '保存决定');
		await expect(head.getByText('已保存。')).toBeVisible();
		await expect(award(head, at(titles, 1)).getByLabel('资助金额')).toHaveValue('1200');
		await head.goto(`/app/competitions/${competition}/notice`);
		await press(head, '公布结果');
		await expect(head.getByRole('heading', { name: '第 2 次公示' })).toBeVisible();
		const page = await stranger(browser);
		await expect(async () => {
			await page.goto(`/competitions/${slug}/results`);
			await expect(page.getByText('第 2 次公示更正了第 1 次')).toBeVisible({ timeout: 500 });
		}).toPass();
		await expect(page.getByText('夜校的灯：去掉重复的八盏，资助 1200 元。')).toBeVisible();
		expect(await page.content()).not.toContain('曲阿婆');
		const after = await recompute(2);
		await expect(page.getByText(after.digest)).toBeVisible();
		expect(after.ranking).toEqual(before.ranking);
		expect(await recompute(1)).toEqual(before);
		await page.getByRole('link', { name: '看第 1 次公示' }).click();
		await expect(page.getByText(before.digest)).toBeVisible();
		await expect(page.getByText('这是较早的一次公示，内容已有更新。')).toBeVisible();
		await page.goto(followed);
		await expect(page.getByText('答复：异议成立')).toBeVisible();
		await expect(page.getByRole('link', { name: '看更正后的第 2 次公示' })).toBeVisible();
		await page.context().close();
	});

	test('a second objection is rejected, the notice runs out, and the result is final', async ({ browser }) => {
		const notices = ok<{ items: Id[] }>(await apiClient(address()).get(`/competitions/${competition}/notices`)).items;
		const again = { name: '匿名', contact: 'a@example.org', text: '凉棚应该排第二。', proposal: `${slug}-001` };
		expect((await apiClient(address()).send('POST', `/notices/${at(notices, 1).id}/objections`, again)).status).toBe(409);
		ok(await apiClient(address()).send('POST', `/notices/${at(notices, 0).id}/objections`, again));
		type Row = Id & { status: string; version: number; candidates: { user: string; name: string }[] };
		const { items } = ok<{ items: Row[] }>(await worker.get(`/competitions/${competition}/objections`));
		const { id } = at(items.filter(({ status }) => status === 'received'), 0);
		const objection = ok<Row>(await worker.get(`/objections/${id}`));
		const members = objection.candidates.filter(({ name }) => name !== overseer).slice(0, 3).map(({ user }) => user);
		ok(await worker.send('POST', `/objections/${id}/committee`, { members, version: objection.version }));
		for (const side of ['organization', 'judges']) ok(await worker.send('POST', `/objections/${id}/statements`, { side, text: '分数无误。' }));
		for (const seat of await theirSeats(id)) ok(await seat.send('POST', `/objections/${id}/votes`, { uphold: 'no', reason: '名次由分数决定。' }));
		await office.goto(`/app/objections/${id}`);
		await office.getByLabel('异议摘要（会公开）').fill('对凉棚的名次有意见。');
		await office.getByLabel('答复（会公开）', { exact: true }).fill('评分表无误，维持。');
		await press(office, '发布答复');
		await expect(office.getByRole('heading', { name: '答复：异议不成立' })).toBeVisible();

		moveServerClock(20 * day);
		const page = await stranger(browser);
		await page.goto(`/competitions/${slug}/results/object`);
		await expect(page.getByText('异议期已过')).toBeVisible();
		await page.context().close();
		head = await signedIn(browser, 'head');
		await head.goto(`/app/competitions/${competition}/notice`);
		await press(head, '确定结果');
		await expect(head.getByText('已定结果').first()).toBeVisible();
		const judge = await signedIn(browser, 'judge2', plain);
		await judge.goto('/app/judging/proof');
		const card = judge.getByRole('heading', { name: '再看一眼·微创投 · 第 2 次公示' });
		if ((await card.count()) > 0) await expect(judge.locator('section, div').filter({ has: card }).getByText('在公示文件里').first()).toBeVisible();
		await judge.context().close();
	});
});
