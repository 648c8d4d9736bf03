import { expect } from '@playwright/test';
import { signInByApi } from '../factories/api-client.ts';
import { cuttableLine } from '../factories/line.ts';
import { test } from './app.ts';
import { address, signedIn, signIn } from './people.ts';

test.use({ subject: 'trial' });


const points = { need: 15, feasibility: 16, participation: 12, outcomes: 12, budget: 12, team: 7, sustainability: 4 };
const year = 365 * 86_400_000;

test('a judge whose phone is a year ahead scores the sample without a network; it arrives with the server’s time and counts for nothing', async ({ browser }) => {
	test.setTimeout(180_000);
	const head = await signInByApi(address(), 'head');
	const { id } = ((await head.get('/competitions')).body as { items: { id: string; slug: string }[] }).items.find(({ slug }) => slug === 'summer') ?? { id: '' };
	const desk = await signedIn(browser, 'head');
	await desk.goto(`/app/competitions/${id}/trial`);
	await desk.getByLabel('样本标题').fill('样本：会走的路灯');
	await desk.getByLabel('样本内容').fill('某小组想在三个楼道里装灯，费用一千二百元。');
	await desk.getByRole('button', { name: '保存试评' }).click();
	await expect(desk.getByText('试评已保存')).toBeVisible();

	const line = await cuttableLine(address());
	const context = await browser.newContext({ baseURL: line.address, viewport: { width: 360, height: 740 }, hasTouch: true, locale: 'zh-CN' });
	// The device believes it is a year later.
	await context.addInitScript((ahead) => {
		const real = Date.now.bind(Date);
		Date.now = () => real() + ahead;
	}, year);
	const judge = await context.newPage();
	await signIn(judge, 'judge7');
	await judge.goto('/app/judging');
	const link = judge.getByRole('link', { name: '先试评一份：样本：会走的路灯' });
	const path = (await link.getAttribute('href')) ?? '';
	await link.click();
	await expect(judge.getByText('试评样本，不计分')).toBeVisible();
	await judge.locator('label[for=view-score]').click();
	line.cut();
	for (const [key, value] of Object.entries(points)) await judge.locator(`[name="scores.${key}"]`).fill(String(value));
	await judge.getByRole('button', { name: '提交评分' }).click();
	await judge.getByRole('button', { name: '确认提交' }).click();
	await expect(judge.getByText('没有网络。提交已记在本机')).toBeVisible();
	line.mend();
	await judge.getByRole('link', { name: '试评已完成，看看大家怎么打的' }).click({ timeout: 40_000 });
	await expect(judge.getByRole('heading', { name: '大家怎么打的' })).toBeVisible();
	await expect(judge.getByText('您打 78 分')).toBeVisible();

	const client = await signInByApi(address(), 'judge7');
	const card = (await client.get(`/scorecards/${path.split('/').at(-1)}`)).body as { status: string; total: number; submittedAt: string };
	expect(card).toMatchObject({ status: 'submitted', total: 78 });
	expect(Math.abs(Date.parse(card.submittedAt) - Date.now())).toBeLessThan(600_000);
	await desk.reload();
	await expect(desk.getByRole('listitem').filter({ hasText: '做完了' })).toHaveCount(1);
	await desk.getByRole('button', { name: '取消试评' }).click();
	await expect(desk.getByRole('heading', { name: '样本' })).toBeVisible();
	await judge.goto('/app/judging');
	await expect(judge.getByText('试评已完成')).toHaveCount(0);
	await context.close();
	await desk.context().close();
	await line.close();
});
