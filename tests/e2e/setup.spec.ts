import { truncateSync, writeFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import sharp from 'sharp';
import { press } from '../pages/acting.ts';
import { signInByApi, type Answer } from '../factories/api-client.ts';
import { test } from './app.ts';
import { address, signedIn } from './people.ts';

test.use({ subject: 'setup' });

/** Sets this run's words apart from those of an earlier one on the same data. */
const stamp = Date.now().toString(36);
const day = 86_400_000;
const moment = (days: number): string => new Date(Date.now() + days * day).toISOString();

const ok = <T>({ status, body }: Answer): T => {
	expect(status, JSON.stringify(body)).toBeLessThan(300);
	return body as T;
};

test('the head takes over an earlier competition on a phone, arranges the form and sees it as others will', async ({ browser }) => {
	const page = await signedIn(browser, 'head', { width: 360 });
	await page.goto('/app/competitions/new');
	await page.getByLabel('沿用哪一届的规则').selectOption({ index: 1 });
	await press(page, '看一看再建');
	await expect(page.getByRole('heading', { name: /^沿用/, level: 1 })).toBeVisible();
	await page.getByLabel('网址名称').fill(`again-${stamp}`);
	await press(page, '建成草稿');
	await expect(page.getByText('已看过 0 步，共 7 步')).toBeVisible();
	await page.getByRole('link', { name: '下一步：基本信息' }).click();
	await press(page, '保存，下一步');
	await expect(page.getByRole('heading', { name: '时间', level: 1 })).toBeVisible();
	await press(page, '保存');
	await expect(page.getByText('已看过 2 步，共 7 步')).toBeVisible();

	await page.getByRole('link', { name: /^赛道和申报表/ }).click();
	const questions = page.locator('details.card').first().locator('li > details > summary');
	const second = (await questions.nth(1).textContent())?.trim().replace(/^2\. /, '').split(/\s/)[0] ?? '';
	await questions.nth(1).click();
	await page.getByRole('button', { name: `把“${second}”上移` }).click();
	await expect(questions.first()).toContainText(`1. ${second}`);
	const base = page.url().replace(/\/settings.*/, '');

	await page.goto(`${base}/preview`);
	await expect(page.getByText('这是预览，什么都不会保存')).toBeVisible();
	await page.getByLabel('项目名称').fill('试填的项目');
	await press(page, '检查一下（不保存）');
	await expect(page.getByRole('alert').getByRole('link').first()).toBeVisible();
	await expect(page.getByLabel('项目名称')).toHaveValue('试填的项目');
	await page.goto(`${base}/preview/judge`);
	await press(page, '检查一下（不保存）');
	await expect(page.getByRole('alert').getByRole('link').first()).toBeVisible();
});

test('a file is refused at its field and the rest stays; a picture stored as another kind is told; rules amended meanwhile too', async ({ browser }) => {
	const head = await signInByApi(address(), 'head');
	const leader = await signInByApi(address(), 'leader');
	const [organization] = ok<{ items: { id: string; station: string }[] }>(await leader.get('/organizations')).items;
	const made = ok<{ id: string; version: number }>(
		await head.send('POST', '/competitions', {
			station: organization?.station,
			title: `附件试验${stamp}`,
			slug: `files-${stamp}`,
			theme: '试一试。',
			fund: 1_000_000,
			eligibility: { minStage: null, minFiling: 'none', hostAccepted: true, categories: [], catchment: [], onePerOrganization: true, noRepeatWinnerYears: null },
			timeline: { announcesAt: null, opensAt: moment(-1), closesAt: moment(3), graceSeconds: 0, scoringUntil: null }
		})
	);
	const open = ok<{ version: number }>(await head.send('POST', `/competitions/${made.id}/transitions`, { to: 'announced', reason: '' }));
	const draft = ok<{ id: string }>(await leader.send('POST', `/competitions/${made.id}/proposals`, { organization: organization?.id, title: '留着的题目', track: 'simple' }));
	ok(await head.send('POST', `/competitions/${made.id}/amendments`, { text: '公示改为七个工作日。', changes: { noticeDays: 7 }, version: open.version }));

	const plain = await signedIn(browser, 'leader', { width: 360, text: 'large', javaScript: false });
	await plain.goto(`/app/proposals/${draft.id}`);
	await expect(plain.getByText('公示改为七个工作日。')).toBeVisible();
	await plain.locator('summary', { hasText: '看改前改后' }).click();
	await expect(plain.locator('del', { hasText: '5 个工作日' })).toBeVisible();
	// Before submitting it is told again, until it is read.
	await plain.goto(`/app/proposals/${draft.id}/check`);
	await expect(plain.getByText('公示改为七个工作日。')).toBeVisible();
	await press(plain, '知道了');
	await plain.waitForURL(/\/check$/);
	await expect(plain.getByText('公示改为七个工作日。')).toHaveCount(0);

	const upload = async (page: Page, name: string, buffer: Buffer) => {
		await page.locator('#f-file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
		await press(page, '上传');
	};
	// Forty megabytes, all but the beginning a hole in the file.
	const large = test.info().outputPath('四十兆.pdf');
	writeFileSync(large, '%PDF-1.4\n');
	truncateSync(large, 40 * 1024 * 1024);
	const files = `/app/proposals/${draft.id}/attachments`;
	await plain.goto(files);
	await plain.locator('#f-file').setInputFiles(large);
	await press(plain, '上传');
	// Sending it takes as long as the machine needs; the page says so before sending once its script is there.
	const sent = { timeout: 60_000 };
	await expect(plain.locator('#f-file-error')).toContainText('文件太大，最多 10 MB', sent);
	await upload(plain, '照片.png', Buffer.from('%PDF-1.4\n%%EOF'));
	await expect(plain.locator('#f-file-error')).toContainText('照片.png');
	const photo = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#80a060' } }).png().toBuffer();
	await upload(plain, '合影.png', photo);
	await expect(plain.getByText('已存成“合影.jpg”')).toBeVisible();
	await plain.goto(`/app/proposals/${draft.id}/basics`);
	await expect(plain.getByLabel('项目名称')).toHaveValue('留着的题目');

	const page = await signedIn(browser, 'leader', { width: 360 });
	await page.goto(files);
	await page.locator('#f-file').setInputFiles(large);
	await press(page, '上传');
	await expect(page.locator('#f-file-error')).toContainText('太大', sent);
	await expect(page.getByText('合影.jpg')).toBeVisible();
});
