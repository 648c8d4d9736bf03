import { expect, type Page } from '@playwright/test';
import { test } from './app.ts';
import { signedIn } from './people.ts';

test.use({ subject: 'judging' });

const points = { need: 15, feasibility: 14, participation: 12, outcomes: 12, budget: 12, team: 8, sustainability: 4 };
const field = (page: Page, name: string) => page.locator(`[name="${name}"]`);

/** Addresses of the judge's unstarted scorecards. */
const openCards = async (page: Page): Promise<string[]> => {
	await page.goto('/app/judging');
	const links = page.locator('.items a', { hasText: '未开始' });
	return links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
};

const nth = (cards: readonly string[], at: number): string => {
	const card = cards[at];
	if (!card) throw new Error('No unstarted scorecard is left for this test.');
	return card;
};

test('what a judge types survives a dead network, a closed tab and a second tab', async ({ browser }) => {
	const page = await signedIn(browser, 'judge4');
	const context = page.context();
	const card = nth(await openCards(page), 0);
	await page.goto(card);
	await field(page, 'scores.need').fill('15');
	await expect(page.locator('.autosave')).toContainText('已保存');

	await context.setOffline(true);
	await field(page, 'scores.team').fill('8');
	await expect(page.locator('.autosave')).toContainText('已存在本机');
	await page.close();
	await context.setOffline(false);

	const again = await context.newPage();
	await again.goto(card);
	await expect(field(again, 'scores.need')).toHaveValue('15');
	await expect(field(again, 'scores.team')).toHaveValue('8');
	await expect(again.locator('.autosave')).toContainText('已保存');

	// The same card in another tab: who comes second sees both copies.
	const other = await context.newPage();
	await other.goto(card);
	await field(other, 'scores.budget').fill('10');
	await expect(other.locator('.autosave')).toContainText('已保存');
	await field(again, 'scores.budget').fill('12');
	await expect(again.getByText('这份评分在别处也改过')).toBeVisible();
	await again.getByRole('button', { name: '用本页的' }).click();
	await expect(again.locator('.autosave')).toContainText('已保存');
	await again.reload();
	await expect(field(again, 'scores.budget')).toHaveValue('12');
	await context.close();
});

test('submitting asks once more, names what is missing, and leads to the next one', async ({ browser }) => {
	const page = await signedIn(browser, 'judge4', { width: 360 });
	const card = nth(await openCards(page), 0);
	await page.goto(card);
	await page.locator('label[for=view-score]').click();
	// Until its script runs, the page asks by the way that needs none, with a button more.
	await expect(page.getByRole('button', { name: '先存着' })).toHaveCount(0);
	await field(page, 'scores.need').fill('15');
	await page.getByRole('button', { name: '提交评分' }).click();
	await expect(page.locator('.error-summary')).toContainText('“方案可行”还没打分');
	for (const [key, value] of Object.entries(points)) await field(page, `scores.${key}`).fill(String(value));
	await page.getByRole('button', { name: '提交评分' }).click();
	await page.getByRole('button', { name: '确认提交' }).click();
	await expect(page.getByText('这份给了 77 分')).toBeVisible();
	await page.getByRole('link', { name: '下一份' }).first().click();
	await expect(page).not.toHaveURL(new RegExp(card));
	await page.context().close();
});

test('a judge without JavaScript scores, confirms and steps back', async ({ browser }) => {
	const page = await signedIn(browser, 'judge7', { width: 360, javaScript: false });
	const cards = await openCards(page);
	await page.goto(nth(cards, 0));
	await page.locator('label[for=view-score]').click();
	for (const [key, value] of Object.entries({ ...points, need: 9 })) await field(page, `scores.${key}`).fill(String(value));
	await page.getByRole('button', { name: '提交评分' }).click();
	await expect(page.locator('.error-summary')).toContainText('“需求真实”低于六成');
	await expect(field(page, 'scores.team')).toHaveValue('8');
	await field(page, 'comments.need').fill('依据不足。');
	await page.getByRole('button', { name: '提交评分' }).click();
	await expect(page.locator('.notice-title')).toHaveText('提交前再看一眼');
	await page.locator('button[name=confirmed]').click();
	await expect(page.getByText('这份给了 71 分')).toBeVisible();

	await page.goto(nth(cards, 1));
	await page.locator('label[for=view-score]').click();
	await page.locator('.recusal summary').click();
	await field(page, 'reason').fill('申报人是我的邻居。');
	await page.getByRole('button', { name: '确认回避' }).click();
	await expect(page.getByText('已回避：申报人是我的邻居。')).toBeVisible();
	await page.context().close();
});
