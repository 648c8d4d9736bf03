import { expect, type Locator, type Page } from '@playwright/test';
import { press } from './acting.ts';

/** Adds somebody with an account, or without one and answers the path of the invitation. */
export const addJudge = async (page: Page, judge: { name: string; login?: string; expertise?: string }): Promise<string | null> => {
	const form = page.locator('#add form');
	await form.getByLabel('姓名').fill(judge.name);
	await form.getByLabel('已有账号').fill(judge.login ?? '');
	await form.getByLabel('擅长领域').fill(judge.expertise ?? '');
	await press(form, '添加');
	const told = page.getByRole('status').filter({ hasText: `已添加${judge.name}` });
	await expect(told).toBeVisible();
	if (judge.login) return null;
	return new URL((await told.getByText(/\/join\//).first().innerText()).trim()).pathname;
};

/** A newcomer takes up an invitation, says nothing of themselves yet and stands in the queue. */
export const acceptInvitation = async (page: Page, path: string, login: string, password: string): Promise<void> => {
	await page.goto(path);
	await page.getByLabel('以后用什么登录').fill(login);
	await page.getByLabel('设一个密码').fill(password);
	await press(page, '接受邀请');
	await expect(page.getByRole('heading', { name: '评审之前，先认识一下' })).toBeVisible();
	await page.goto('/app/judging');
	await expect(page.getByRole('heading', { name: '我的评分' })).toBeVisible();
};

/** The part of the decision about one proposal. */
export const award = (page: Page, title: string): Locator => page.getByRole('region', { name: title, exact: true });

export const decide = async (page: Page, title: string, choice: { outcome: string; amount?: string; reason: string }): Promise<void> => {
	const part = award(page, title);
	await part.getByLabel('决定').selectOption({ label: choice.outcome });
	if (choice.amount) await part.getByLabel('资助金额').fill(choice.amount);
	await part.getByLabel('理由（会公示）').fill(choice.reason);
};
