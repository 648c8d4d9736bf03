import { expect, type Page } from '@playwright/test';
import { press } from './acting.ts';

/** A moment as a field for date and time takes it: Shanghai time, whole minutes. */
export const minuteField = (time: number): string => new Date(time + 8 * 3600_000).toISOString().slice(0, 16);

/** Opens one part of the settings, changes it and saves; the next call starts from the list of parts again. */
export const setPart = async (page: Page, part: string, change: () => Promise<void>): Promise<void> => {
	await page.getByRole('main').getByRole('link', { name: new RegExp(`^${part}`) }).click();
	await expect(page.getByRole('heading', { name: part, exact: true, level: 1 })).toBeVisible();
	await change();
	await press(page, '保存');
	await expect(page.getByRole('heading', { name: '设置', level: 1 })).toBeVisible();
};

/** Opens a competition's tab. */
export const openTab = async (page: Page, competition: string, tab: string): Promise<void> => {
	const link = page.getByRole('navigation', { name: competition }).getByRole('link', { name: tab, exact: true });
	await link.click();
	await expect(link).toHaveAttribute('aria-current', 'page');
};
