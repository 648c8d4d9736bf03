import { expect, type Page } from '@playwright/test';
import { test } from './app.ts';
import { signedIn } from './people.ts';

test.use({ subject: 'group-tools' });

/** A phone without JavaScript: what works here works everywhere. */
const phone = { width: 360, javaScript: false } as const;

const openGroup = async (page: Page, name: string): Promise<string> => {
	await page.goto(`/app/organizations?q=${encodeURIComponent(name)}`);
	await page.getByRole('link', { name }).first().click();
	await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
	return new URL(page.url()).pathname;
};

test('two people write a rule at once, nothing is lost, the members vote, and it is in force', async ({ browser }) => {
	const worker = await signedIn(browser, 'worker', phone);
	const group = await openGroup(worker, '新邻居会客厅');
	const head = await signedIn(browser, 'head', phone);
	await worker.goto(`${group}/charter/leave`);
	await worker.getByRole('button', { name: '开始起草' }).click();
	const first = (page: Page) => page.getByLabel('第 1 条', { exact: true });
	const second = (page: Page) => page.getByLabel('第 2 条', { exact: true });
	await head.goto(`${group}/charter/leave/edit`);

	await first(head).fill('来不了，提前一天说。');
	await head.getByRole('button', { name: '存草稿' }).click();
	await expect(head.getByRole('heading', { name: '请假约定' })).toBeVisible();
	// The worker began from the older text: other articles are joined, the same one is shown with both texts.
	await first(worker).fill('来不了，提前半天说。');
	await second(worker).fill('替班自己找。');
	await worker.getByRole('button', { name: '存草稿' }).click();
	await expect(worker.getByText('有 1 处两个人改得不一样')).toBeVisible();
	await expect(worker.getByText('来不了，提前一天说。')).toBeVisible();
	await expect(first(worker)).toHaveValue('来不了，提前半天说。');
	await expect(second(worker)).toHaveValue('替班自己找。');
	await first(worker).fill('来不了，提前一天说；急事当天说。');
	await worker.getByRole('button', { name: '存草稿' }).click();

	await worker.getByRole('button', { name: '定稿，交会上表决' }).click();
	await expect(worker.getByText('等表决')).toBeVisible();
	await worker.getByRole('link', { name: '记下表决的会议' }).click();
	await worker.getByLabel('什么会').fill('请假约定表决会');
	await worker.getByLabel('实到多少人').fill('9');
	await worker.getByLabel('赞成').first().fill('8');
	await worker.getByLabel('反对').first().fill('1');
	await worker.getByLabel('弃权').first().fill('0');
	await worker.getByRole('button', { name: '记好了' }).click();
	await expect(worker.getByText('通过', { exact: true })).toBeVisible();
	await worker.goto(`${group}/charter/leave`);
	await worker.getByRole('button', { name: '表决通过，生效' }).click();
	await expect(worker.getByText('生效', { exact: true })).toBeVisible();
	await expect(worker.getByText(/实到 9（过半数 \d+ 人），赞成 8/)).toBeVisible();
	await worker.getByRole('link', { name: '打印' }).click();
	await expect(worker.getByText('来不了，提前一天说；急事当天说。')).toBeVisible();
	await expect(worker.getByText(/经“请假约定表决会”表决通过/)).toBeVisible();
});

test('a roster comes from a table: the good rows go in, the wrong one comes back, and all of it is taken back', async ({ browser }) => {
	const worker = await signedIn(browser, 'worker', phone);
	const group = await openGroup(worker, '楼道管家');
	await worker.goto(`${group}/members/import`);
	const csv = '姓名,联系电话,职务\n莫小楼,13911110001,骨干\n莫大楼,123,队员\n莫中楼,,队员\n';
	await worker.getByLabel('选表格').setInputFiles({ name: '名册.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
	await worker.getByRole('button', { name: '上传看看' }).click();
	await expect(worker.getByText('第 3 行')).toBeVisible();
	await expect(worker.getByText('「123」')).toBeVisible();
	const download = worker.waitForEvent('download');
	await worker.getByRole('link', { name: '下载有问题的 1 行' }).click();
	expect((await download).suggestedFilename()).toBe('roster-bad-rows.xlsx');
	await worker.getByRole('button', { name: '导入 2 人' }).click();
	await expect(worker.getByText('导入好了：新加 2 人')).toBeVisible();
	await worker.goto(`${group}/members`);
	await expect(worker.getByRole('link', { name: '莫小楼' })).toBeVisible();
	await worker.goBack();
	await worker.getByRole('button', { name: '整批撤回' }).click();
	await expect(worker.getByText('这次导入已撤回')).toBeVisible();
	await worker.goto(`${group}/members`);
	await expect(worker.getByRole('link', { name: '莫小楼' })).toHaveCount(0);
});

test('a visit is noted in three steps; a private note opens for two people only', async ({ browser }) => {
	const worker = await signedIn(browser, 'worker', phone);
	await worker.goto('/app/station/log');
	await worker.getByLabel('电话走访').check();
	await worker.getByLabel('多少人', { exact: true }).fill('7');
	await worker.getByRole('button', { name: '记下' }).click();
	await expect(worker.getByText('记好了。')).toBeVisible();
	await expect(worker.getByRole('listitem').filter({ hasText: '7 人 · 7 人次' }).first()).toBeVisible();

	await worker.goto('/app/supervision');
	await worker.getByRole('link', { name: '老队伍不想换人怎么办' }).click();
	await worker.getByRole('link', { name: '打开 田晓舟 的' }).click();
	await worker.getByLabel('两个人的话').fill('想歇两天。');
	await worker.getByRole('button', { name: '保存' }).click();
	await expect(worker.getByRole('heading', { name: '老队伍不想换人怎么办' })).toBeVisible();
	const session = new URL(worker.url()).pathname;
	await worker.getByRole('link', { name: '打开 田晓舟 的' }).click();
	const note = new URL(worker.url()).pathname;
	await expect(worker.getByLabel('两个人的话')).toHaveValue('想歇两天。');
	const head = await signedIn(browser, 'head', phone);
	await head.goto(session);
	await expect(head.getByRole('heading', { name: '老队伍不想换人怎么办' })).toBeVisible();
	await expect(head.getByRole('link', { name: /打开/ })).toHaveCount(0);
	expect((await head.goto(note))?.status()).toBe(404);
	const supervisor = await signedIn(browser, 'supervisor', phone);
	await supervisor.goto(note);
	await expect(supervisor.getByLabel('两个人的话')).toHaveValue('想歇两天。');
	await expect(supervisor.getByRole('listitem').filter({ hasText: '田晓舟' }).first()).toBeVisible();
});
