import type { Browser, BrowserContext, Page } from '@playwright/test';

/** Address of the application the tests run against. */
export const address = (): string => {
	const found = process.env.MIAOPU_TEST_ADDRESS;
	if (!found) throw new Error('The application was not started.');
	return found;
};

/** How a page is looked at. */
export type View = {
	width?: number;
	locale?: 'zh-CN' | 'en';
	theme?: 'light' | 'dark';
	text?: 'normal' | 'large';
	javaScript?: boolean;
};

/** A browser of its own, as one person would hold it. */
export const openBrowser = async (browser: Browser, view: View = {}): Promise<BrowserContext> => {
	const width = view.width ?? 1280;
	const context = await browser.newContext({
		baseURL: address(),
		viewport: { width, height: width < 600 ? 740 : 900 },
		hasTouch: width < 600,
		javaScriptEnabled: view.javaScript ?? true,
		colorScheme: view.theme ?? 'light',
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai'
	});
	await context.addCookies([
		{ name: 'miaopu_locale', value: view.locale ?? 'zh-CN', url: address() },
		{ name: 'miaopu_text', value: view.text ?? 'normal', url: address() },
		{ name: 'miaopu_theme', value: view.theme ?? 'light', url: address() }
	]);
	return context;
};

/** Signs in through the form. */
export const signIn = async (page: Page, login: string, password = 'miaopu-demo'): Promise<void> => {
	await page.goto('/login');
	await page.locator('[name=login]').fill(login);
	await page.locator('[name=password]').fill(password);
	await page.locator('main button[type=submit]').click();
	await page.waitForURL((url) => !url.pathname.startsWith('/login'));
};

/**
 * Somebody who signed in earlier, with a browser of their own in which nothing is open yet. The form is posted without
 * looking at it: two pages less for everybody whose story begins elsewhere.
 */
export const signedIn = async (browser: Browser, login: string, view: View = {}): Promise<Page> => {
	const context = await openBrowser(browser, view);
	const answer = await context.request.post('/login', {
		form: { login, password: 'miaopu-demo' },
		headers: { Origin: address(), Accept: 'text/html' },
		maxRedirects: 0
	});
	if (answer.status() !== 303) throw new Error(`Signing in as ${login} failed: ${answer.status()}`);
	return context.newPage();
};

/** A person with a browser of their own who has just signed in and sees the first page. */
export const person = async (browser: Browser, login: string, view: View = {}, password?: string): Promise<Page> => {
	const page = await (await openBrowser(browser, view)).newPage();
	await signIn(page, login, password);
	return page;
};
