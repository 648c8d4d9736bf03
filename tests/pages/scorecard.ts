import { expect, type Locator, type Page } from '@playwright/test';
import { press } from './acting.ts';

/** The default rubric: its criteria in order, and the points each may give. */
export const rubric = [
	{ label: '需求真实', points: 20 },
	{ label: '方案可行', points: 20 },
	{ label: '居民参与·在地', points: 15 },
	{ label: '预期成效', points: 15 },
	{ label: '预算合理', points: 15 },
	{ label: '团队能力', points: 10 },
	{ label: '创新可持续', points: 5 }
] as const;

/** Points by criterion, in the rubric's order. */
export type Points = readonly number[];

/** One criterion of the open scorecard. */
export const criterion = (page: Page, label: string): Locator => page.getByRole('region', { name: label, exact: true });

export const mark = (page: Page, label: string): Locator => criterion(page, label).getByRole('spinbutton', { name: `${label}打分` });

/** Whether a comment is asked for. */
export const extreme = (points: number, of: number): boolean => points * 100 < 60 * of || points * 100 > 90 * of;

/** Opens a scorecard by its id and turns to its marks. */
export const openCard = async (page: Page, id: string): Promise<void> => {
	await page.goto(`/app/judging/${id}`);
	await page.getByText('打分', { exact: true }).click();
	await expect(page.getByText(/^(填写内容会自动保存|已保存)/)).toBeVisible();
};

/** Opens the scorecard of a proposal from the judge's queue. */
export const openScorecard = async (page: Page, title: string): Promise<void> => {
	await page.goto('/app/judging');
	await page.getByRole('link', { name: title }).click();
	await expect(page.getByRole('heading', { name: title, exact: true, level: 1 })).toBeVisible();
	await page.getByText('打分', { exact: true }).click();
};

/** Types every mark, with a comment where one is asked for. */
export const fillScorecard = async (page: Page, points: Points): Promise<void> => {
	for (const [at, { label, points: of }] of rubric.entries()) {
		const given = points[at] ?? 0;
		await mark(page, label).fill(String(given));
		if (!extreme(given, of)) continue;
		const part = criterion(page, label);
		const comment = part.getByLabel(`${label}评语`);
		if (!(await comment.isVisible())) await part.locator('summary').click();
		await comment.fill(`${label}给 ${given} 分的理由。`);
	}
};

/** Submits, with or without JavaScript: both ask once more. */
export const submitScorecard = async (page: Page): Promise<void> => {
	await press(page, '提交评分');
	await press(page, '确认提交');
	await expect(page.getByRole('status').filter({ hasText: '已提交' })).toBeVisible();
};

export const scoreProposal = async (page: Page, title: string, points: Points): Promise<void> => {
	await openScorecard(page, title);
	await fillScorecard(page, points);
	await submitScorecard(page);
};
