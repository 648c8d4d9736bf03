import { expect, type Page } from '@playwright/test';
import { press } from './acting.ts';

export type Outcome = { outcome: '通过' | '退回修改' | '不通过'; reason?: string };

/** Screens the proposal of that title, from the list of those waiting. */
export const screen = async (page: Page, competition: string, title: string, { outcome, reason }: Outcome): Promise<void> => {
	await page.goto(`/app/competitions/${competition}/screening`);
	await page.getByRole('link', { name: title, exact: true }).click();
	await expect(page.getByRole('heading', { name: title, exact: true, level: 1 })).toBeVisible();
	const list = page.getByRole('group', { name: '初审清单' }).getByRole('checkbox');
	if (outcome === '通过') for (const box of await list.all()) await box.check();
	await page.getByRole('radio', { name: new RegExp(`^${outcome}`) }).check();
	if (reason) await page.getByLabel('意见', { exact: true }).fill(reason);
	await press(page, '保存意见，看下一份');
	await expect(page.getByRole('heading', { name: title, exact: true, level: 1 })).toBeHidden();
};
