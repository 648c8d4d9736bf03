import { expect, type Page } from '@playwright/test';
import { signInByApi } from '../factories/api-client.ts';
import { test } from './app.ts';
import { address, openBrowser, signedIn } from './people.ts';

test.use({ subject: 'surveys' });

type Survey = { id: string; token: string; kind: string; title: string; responses: number };
type Items<T> = { items: T[] };

/** The open needs survey of a group in the demo data. */
const openSurvey = async (): Promise<{ organization: string; survey: Survey }> => {
	const client = await signInByApi(address(), 'worker');
	const { body } = await client.get('/organizations?limit=200');
	const organization = (body as Items<{ id: string; name: string }>).items.find(({ name }) => name === '楼道管家')?.id ?? '';
	const surveys = ((await client.get(`/organizations/${organization}/surveys`)).body as Items<Survey>).items;
	const survey = surveys.find(({ kind }) => kind === 'needs');
	if (!survey) throw new Error('The demo data have no open survey.');
	return { organization, survey };
};

const next = (page: Page) => page.getByRole('button', { name: '下一题' }).last().click();

test('an old phone without scripts answers by the link; the worker sees one more, prints the poster and enters paper', async ({ browser }) => {
	const { organization, survey } = await openSurvey();
	const phone = await (await openBrowser(browser, { width: 360, javaScript: false, text: 'large' })).newPage();
	await phone.goto(`/s/${survey.token}`);
	await expect(phone.getByRole('heading', { level: 1 })).toHaveText(survey.title);
	await expect(phone.getByText('第 1 题，共 8 题')).toBeVisible();
	await phone.getByLabel('您住在哪个小区').fill('3 号楼');
	await next(phone);
	// What must be answered is asked for, and the page stays.
	await next(phone);
	await expect(phone.getByRole('alert')).toContainText('这里还没填');
	await phone.getByLabel('70—79 岁').check();
	await next(phone);
	await phone.getByLabel('10 年以上').check();
	await next(phone);
	await phone.getByLabel('家里没地方放').check();
	await next(phone);
	await phone.getByLabel('能具体说说吗').fill('买菜车推不进门。');
	await next(phone);
	await phone.getByLabel('4', { exact: true }).check();
	await next(phone);
	await phone.getByLabel('出主意').check();
	await next(phone);
	await phone.getByLabel('手机号').fill('13800009999');
	await next(phone);
	await expect(phone.getByRole('alert')).toContainText('请勾上同意');
	await phone.getByLabel('我同意社工就这件事联系我').check();
	await next(phone);
	await expect(phone.getByRole('heading', { name: '交之前看一眼' })).toBeVisible();
	await expect(phone.getByText('买菜车推不进门。')).toBeVisible();
	await expect(phone.getByText('3 号楼')).toBeVisible();
	await phone.getByRole('button', { name: '改：您在这里住了多久？' }).click();
	await phone.getByLabel('4—10 年').check();
	for (let step = 0; step < 6; step += 1) await next(phone);
	await expect(phone.getByText('4—10 年')).toBeVisible();
	await phone.getByRole('button', { name: '交上去' }).click();
	await expect(phone.getByRole('heading', { level: 1 })).toHaveText('收到了，谢谢您');
	await phone.goto(`/s/${survey.token}`);
	await expect(phone.getByText('这部手机已经填过了，谢谢')).toBeVisible();
	await phone.getByRole('link', { name: '换个人来填' }).click();
	await expect(phone.getByText('第 1 题，共 8 题')).toBeVisible();

	const worker = await signedIn(browser, 'worker', { javaScript: false });
	await worker.goto(`/app/organizations/${organization}`);
	await expect(worker.locator('#criterion-survey')).toContainText(`${survey.responses + 1} / 30`);
	await worker.getByRole('navigation', { name: '组织档案' }).getByRole('link', { name: '需求' }).click();
	await worker.getByRole('link', { name: survey.title }).click();
	await expect(worker.getByText('买菜车推不进门。')).toBeVisible();
	await worker.getByRole('link', { name: '打印海报' }).click();
	await expect(worker.getByText(`${address()}/s/${survey.token}`)).toBeVisible();
	await expect(worker.getByRole('img', { name: '微信扫一扫，说说您的想法' })).toBeVisible();

	await worker.goto(`/app/surveys/${survey.id}/paper`);
	await worker.getByLabel('2. 您的年龄').fill('9');
	await worker.getByLabel('4. 眼下最要紧的是哪几件').fill('2 1');
	await worker.getByLabel('4. 眼下最要紧的是哪几件').press('Enter');
	await expect(worker.getByRole('alert')).toContainText('没有这个序号，最大是 6');
	await expect(worker.getByLabel('4. 眼下最要紧的是哪几件')).toHaveValue('2 1');
	await worker.getByLabel('2. 您的年龄').fill('5');
	await worker.getByRole('button', { name: '存好，录下一份' }).click();
	await expect(worker.getByRole('status')).toContainText(`一共 ${survey.responses + 2} 份`);
	await expect(worker.getByLabel('2. 您的年龄')).toHaveValue('');
});
