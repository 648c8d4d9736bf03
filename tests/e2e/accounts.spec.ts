import { expect } from '@playwright/test';
import { test } from './app.ts';
import { openBrowser, person, signIn } from './people.ts';

test.use({ subject: 'accounts' });

test('what was typed stays, the fault is told and linked, without JavaScript too', async ({ browser }) => {
	for (const javaScript of [true, false]) {
		const page = await (await openBrowser(browser, { width: 360, javaScript })).newPage();
		await page.goto('/login?next=/app/account');
		await page.locator('[name=login]').fill('worker');
		await page.locator('[name=password]').fill('not-the-password');
		await page.locator('main button[type=submit]').click();
		await expect(page.getByRole('alert').getByRole('link', { name: '账号或密码不对。' })).toBeVisible();
		await expect(page.locator('[name=login]')).toHaveValue('worker');
		await page.locator('[name=password]').fill('miaopu-demo');
		await page.locator('main button[type=submit]').click();
		await expect(page).toHaveURL(/\/app\/account$/);
		await expect(page.getByRole('heading', { name: '田晓舟' })).toBeVisible();
		await page.context().close();
	}
});

test('strangers are sent to sign in and come back; other sites are no way back', async ({ browser }) => {
	const page = await (await openBrowser(browser)).newPage();
	await page.goto('/app/organizations');
	await expect(page).toHaveURL(/\/login\?next=%2Fapp%2Forganizations/);
	await page.goto('/login?next=https://example.org/');
	await page.locator('[name=login]').fill('observer');
	await page.locator('[name=password]').fill('miaopu-demo');
	await page.locator('main button[type=submit]').click();
	await expect(page).toHaveURL(/\/app$/);
});

test('signing out everywhere ends the other device', async ({ browser }) => {
	const phone = await person(browser, 'finance', { width: 360 });
	const desk = await person(browser, 'finance');
	await desk.goto('/app/account');
	await desk.getByRole('button', { name: '全部退出登录' }).click();
	await expect(desk).toHaveURL(/\/login$/);
	// Another process may remember a session for three seconds; this one forgets at once.
	await phone.goto('/app');
	await expect(phone).toHaveURL(/\/login/);
});

test('a station head is invited by link and works there at once', async ({ browser }) => {
	const admin = await person(browser, 'admin');
	await admin.goto('/app/admin/stations');
	const invite = admin.locator('form[action="?/invite"]');
	await invite.locator('[name=station]').selectOption({ label: '桃园街道社会工作服务站' }).catch(async () => {
		await invite.locator('[name=station]').selectOption({ index: 1 });
	});
	await invite.locator('[name=name]').fill('夏清');
	await invite.locator('[name=role]').selectOption('worker');
	await invite.getByRole('button').click();
	const link = await admin.locator('text=/\\/join\\//').first().innerText();
	const newcomer = await (await openBrowser(browser, { width: 360, javaScript: false })).newPage();
	await newcomer.goto(new URL(link.trim()).pathname);
	await newcomer.locator('[name=login]').fill('xia.qing');
	await newcomer.locator('[name=password]').fill('bamboo-rain-9');
	await newcomer.getByRole('button', { name: '接受邀请' }).click();
	await expect(newcomer).toHaveURL(/\/app$/);
	await newcomer.goto(new URL(link.trim()).pathname);
	await expect(newcomer.getByRole('heading', { name: '这个邀请已经失效' })).toBeVisible();
	await newcomer.context().clearCookies();
	await signIn(newcomer, 'xia.qing', 'bamboo-rain-9');
	await expect(newcomer).toHaveURL(/\/app$/);
});
