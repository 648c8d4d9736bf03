import { expect, type Page } from '@playwright/test';
import { press } from './acting.ts';

export type Line = { item: string; category: string; quantity: string; price: string };

export const startProposal = async (page: Page, competition: string, group?: string): Promise<void> => {
	await page.goto(`/app/proposals/new?competition=${competition}`);
	if (group) {
		await page.getByRole('group', { name: '用哪个小组的名义申报？' }).getByLabel(group).check();
		// Who writes for a group says who of it agreed.
		await page.getByLabel('小组里谁同意的').fill('小组代表');
		await page.getByRole('group', { name: '怎么同意的' }).getByLabel('电话').check();
	}
	await press(page, '开始填写');
	await expect(page.getByRole('link', { name: '继续填写：项目信息' })).toBeVisible();
};

export const fillBasics = async (page: Page, title: string): Promise<void> => {
	await page.getByLabel('项目名称').fill(title);
	await page.getByRole('group', { name: '赛道' }).getByLabel('简表').check();
	await page.getByLabel('这个项目在我们小组的章程').check();
};

/** The questions of the short form. */
const questions = ['想解决一件什么事？', '打算怎么做？', '谁来做，谁受益？', '做成了会是什么样？'];

export const fillPlan = async (page: Page, answer: string): Promise<void> => {
	for (const question of questions) await page.getByLabel(question).fill(`${answer}（${question}）`);
};

export const fillLine = async (page: Page, n: number, line: Line): Promise<void> => {
	const row = page.getByRole('group', { name: `预算第 ${n} 行` });
	await row.getByLabel('买什么、做什么').fill(line.item);
	await row.getByLabel('科目').selectOption({ label: line.category });
	await row.getByLabel('数量').fill(line.quantity);
	await row.getByLabel('单价').fill(line.price);
};

export const saveAndGoOn = (page: Page): Promise<void> => press(page, '保存并继续');

/** The page of a part of the proposal. */
export const part = (page: Page, name: string) => page.getByRole('heading', { name, exact: true, level: 1 });

/** Fills a whole proposal of one line and stands on the page that checks it. */
export const writeProposal = async (
	page: Page,
	competition: string,
	group: string | undefined,
	title: string,
	line: Line
): Promise<void> => {
	await startProposal(page, competition, group);
	await page.getByRole('link', { name: '继续填写：项目信息' }).click();
	await expect(part(page, '项目信息')).toBeVisible();
	await fillBasics(page, title);
	await saveAndGoOn(page);
	await expect(part(page, '计划')).toBeVisible();
	await fillPlan(page, title);
	await saveAndGoOn(page);
	await expect(part(page, '预算')).toBeVisible();
	await press(page, '加一行');
	await fillLine(page, 1, line);
	await page.getByLabel('申请金额').fill(String(Number(line.quantity) * Number(line.price)));
	await saveAndGoOn(page);
	await expect(part(page, '附件')).toBeVisible();
	await page.getByRole('link', { name: '检查申报书' }).click();
	await expect(page.getByText('可以提交了')).toBeVisible();
};

/** Submits from the checking page and answers the receipt's number. */
export const submitProposal = async (page: Page): Promise<string> => {
	await press(page, '确认提交');
	await expect(page.getByRole('heading', { name: '提交成功' })).toBeVisible();
	return (await page.getByText(/^[a-z][a-z0-9-]*-\d{3}$/).first().innerText()).trim();
};

/** The address of the proposal that is open, with its id. */
export const proposalId = (page: Page): string => {
	const id = /\/app\/proposals\/([0-9a-f]{24})/.exec(page.url())?.[1];
	if (!id) throw new Error(`No proposal is open at ${page.url()}`);
	return id;
};
