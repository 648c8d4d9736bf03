import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Browser, type BrowserContext, type Page, type Response } from '@playwright/test';
import { signInByApi, type ApiClient } from '../factories/api-client.ts';
import { test } from './app.ts';
import { address, openBrowser, signedIn, type View } from './people.ts';

test.use({ subject: 'every-page' });
// Nothing is changed here: the pages are shared out among the workers.
test.describe.configure({ mode: 'parallel' });

// Budgets of a first visit, gzipped.
const scriptBudget = 60 * 1024;
// Pages that have scripts of their own and are put together by them.
const isLive = (path: string): boolean =>
	/^\/app\/(?:judging$|(?:judging|proposals)\/[0-9a-f]{24}|competitions\/[0-9a-f]{24}\/(?:pitch|preview|preview\/judge)$)/.test(path);
const styleBudget = 25 * 1024;

const views: { name: string; view: View }[] = [
	{ name: 'wide, Chinese, light', view: { width: 1280 } },
	{ name: 'phone, English, dark, large text', view: { width: 360, locale: 'en', theme: 'dark', text: 'large' } },
	{ name: 'phone, Chinese, large text', view: { width: 360, text: 'large' } }
];

type Items<T> = { items: T[] };
const first = async <T>(client: ApiClient, path: string, fits: (item: T) => boolean): Promise<T> => {
	const { body } = await client.get(path);
	const found = (body as Items<T>).items.find(fits);
	if (!found) throw new Error(`Nothing fits in ${path}`);
	return found;
};

type Named = { id: string; station?: string; name?: string; slug?: string; status?: string };

/** Pages by the person who opens them (what follows a comma is not part of the name); addresses with ids are looked up in the demo data. */
const pagesOf: Record<string, (client: ApiClient, page: Page) => Promise<string[]>> = {
	stranger: async () => [
		'/',
		'/login',
		'/apply',
		'/organizations',
		'/competitions',
		'/competitions/spring',
		'/competitions/summer',
		'/competitions/autumn',
		'/competitions/autumn/results',
		'/competitions/autumn/results/verify',
		'/competitions/autumn/results/object',
		'/objections',
		'/stations/gaoqiao',
		'/preferences',
		'/jury',
		'/jury/ACDE3467',
		'/no-such-page'
	],
	head: async (client) => {
		const organization = await first<Named>(client, '/organizations?limit=200', ({ name }) => name === '老把式菜园');
		const summer = await first<Named>(client, '/competitions', ({ slug }) => slug === 'summer');
		const spring = await first<Named>(client, '/competitions', ({ slug }) => slug === 'spring');
		const winter = await first<Named>(client, '/competitions', ({ slug }) => slug === 'winter');
		const below = ['', '/needs', '/members', '/activities', '/activities/new', '/meetings', '/meetings/new', '/files', '/maturity', '/history', '/criteria', '/edit', '/charter', '/charter/charter', '/members/import', '/support', '/projects', '/projects/new?kind=accounts'];
		const work = ['', '/proposals', '/screening', '/judges', '/assignment', '/assignment?view=grid', '/trial', '/progress', '/ranking', '/ranking/certainty', '/decision', '/notice', '/settings'];
		const setup = ['basics', 'timeline', 'tracks', 'eligibility', 'budget', 'rounds', 'screening'].map((part) => `/settings/${part}`);
		return [
			'/app',
			'/app/account',
			'/app/organizations',
			'/app/organizations/new',
			`/print/organizations/${organization.id}/charter/charter`,
			'/app/competitions',
			...below.map((page) => `/app/organizations/${organization.id}${page}`),
			...work.map((page) => `/app/competitions/${summer.id}${page}`),
			...['/rounds', '/assignment', '/progress', '/pitch', '/paper', '/jury', '/ranking'].map((page) => `/app/competitions/${winter.id}${page}`),
			`/print/competitions/${winter.id}/scorecards?round=document`,
			...['', ...setup, '/preview', '/preview/judge'].map((page) => `/app/competitions/${spring.id}${page}`),
			'/app/competitions/new',
			`/app/competitions/new/review?from=${winter.id}&station=${organization.station}`
		];
	},
	'head, at the station': async () => [
		...['', '/next', '/maturity', '/cohorts', '/gates', '/gates/team_building', '/gates/move', '/maturity-model', '/handover', '/trainings', '/trainings/new', '/log'].map(
			(page) => `/app/station${page}`
		),
		'/app/supervision',
		'/app/supervision/new'
	],
	worker: async (client) => {
		const asking = await first<Named>(client, '/organizations?limit=200', ({ name }) => name === '楼道管家');
		const survey = await first<Named & { kind: string; token: string }>(client, `/organizations/${asking.id}/surveys`, ({ kind }) => kind === 'needs');
		const talk = await first<Named>(client, `/organizations/${asking.id}/interviews`, () => true);
		const own = await first<Named>(client, '/organizations?limit=200', ({ name }) => name === '丰京苑邻里帮帮队');
		return [
			'/app',
			'/app/organizations',
			...['', '/members', '/activities/new', '/maturity/new', '/edit'].map((page) => `/app/organizations/${own.id}${page}`),
			'/app/station/surveys',
			`/s/${survey.token}`,
			`/s/${survey.token}/thanks`,
			`/print/surveys/${survey.id}`,
			...['/needs', '/surveys/new', '/interviews/new', `/interviews/${talk.id}`].map((page) => `/app/organizations/${asking.id}${page}`),
			...['', '/answers', '/paper', '/edit', '/questions/new', '/questions/troubles'].map((page) => `/app/surveys/${survey.id}${page}`)
		];
	},
	leader: async (client, page) => {
		const own = await first<Named>(client, '/organizations', () => true);
		await page.goto('/app/proposals');
		const links = await page.locator('a[href^="/app/proposals/"]').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
		const ids = [...new Set(links.flatMap((link) => /[0-9a-f]{24}/.exec(link) ?? []))];
		const proposals = await Promise.all(ids.map(async (id) => (await client.get(`/proposals/${id}`)).body as Named));
		const draft = proposals.find(({ status }) => status === 'draft');
		return [
			'/app',
			'/app/proposals',
			...['', '/basics', '/plan', '/budget', '/attachments', '/check'].map((part) => `/app/proposals/${draft?.id}${part}`),
			`/app/organizations/${own.id}`
		];
	},
	judge1: async (client) => {
		const open = await first<Named & { competition: string }>(client, '/judging', ({ status }) => status === 'draft');
		const done = await first<Named>(client, '/judging', ({ status }) => status === 'submitted');
		return ['/app/judging', `/app/judging/declare/${open.competition}`, '/app/judging/proof', `/app/judging/${open.id}`, `/app/judging/${done.id}`];
	},
	city: async (client) => {
		const autumn = await first<Named>(client, '/competitions', ({ slug }) => slug === 'autumn');
		const objection = await first<Named>(client, `/competitions/${autumn.id}/objections`, () => true);
		return [`/app/competitions/${autumn.id}/notice`, `/app/objections/${objection.id}`, '/app/calendar'];
	},
	admin: async () => ['/app/calendar', '/app/admin/stations']
};

/** What sticks out of the window, so that a fault names its place. */
const widest = (page: Page): Promise<string> =>
	page.evaluate(() =>
		[...document.querySelectorAll('body *')]
			.filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
			.slice(0, 3)
			.map((element) => element.outerHTML.slice(0, 120))
			.join(' | ')
	);

/**
 * Waits until the page asks for no further files. Pages that follow a live event keep a line open, so the network is
 * never idle; a page without scripts asks for nothing once it is loaded.
 */
const filesArrived = async (page: Page): Promise<void> => {
	if (await page.evaluate(() => document.scripts.length === 0)) return;
	let before = -1;
	await expect
		.poll(
			async () => {
				const now = await page.evaluate(() => performance.getEntriesByType('resource').length);
				const same = now === before;
				before = now;
				return same;
			},
			{ intervals: [200, 300, 300] }
		)
		.toBe(true);
};

// The same rules as the package's own script, in half as many bytes.
const axeScript = readFileSync(createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Makes axe read each notation of a colour once a page. It asks for the same few colours thousands of times, and reading
 * one (`oklch(…)` most of all) took a fifth of its time.
 */
const rememberColours = (): void => {
	type Parts = Record<'r' | 'g' | 'b' | 'alpha', number>;
	type Colour = Parts & { parseString: (text: string) => Colour };
	const { prototype } = (globalThis as unknown as { axe: { commons: { color: { Color: { prototype: Colour } } } } }).axe.commons.color.Color;
	const parse = prototype.parseString;
	const known = new Map<string, Parts>();
	prototype.parseString = function (this: Colour, text) {
		const parts = known.get(text);
		if (parts) return Object.assign(this, parts);
		const { r, g, b, alpha } = parse.call(this, text);
		known.set(text, { r, g, b, alpha });
		return this;
	};
};

/** Gives every page of a browser axe before anything else: sent once, not to each of several hundred pages. */
const bringAxe = (context: BrowserContext): Promise<unknown> =>
	context.addInitScript({ content: `${axeScript};(${rememberColours.toString()})()` });

/** What axe finds, with the elements. */
const barriers = async (page: Page): Promise<string[]> => {
	expect(page.frames(), 'pages hold no frames, which would have to be looked at one by one').toHaveLength(1);
	// One run in the page itself is enough, and only what is wrong has to be described. The script is there already.
	const { violations } = await new AxeBuilder({ page, axeSource: 'void 0' })
		.options({ resultTypes: ['violations'] })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
		.setLegacyMode(true)
		.analyze();
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
};

type Weighed = 'script' | 'style';

/** What one page after the other says while it loads, in the same tab. */
const listen = (page: Page) => {
	let faults: string[] = [];
	let arrived: { type: Weighed; bytes: Promise<number> }[] = [];
	// A file is named by its content.
	const sizes = new Map<string, Promise<number>>();
	const sizeOf = (response: Response): Promise<number> => {
		const known = sizes.get(response.url());
		if (known) return known;
		const size = response.body().then((body) => gzipSync(body).length);
		sizes.set(response.url(), size);
		return size;
	};
	page.on('pageerror', (error) => faults.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error' && !/status of 404/.test(message.text())) faults.push(message.text());
	});
	page.on('response', (response) => {
		const type = response.request().resourceType();
		if (type === 'script') arrived.push({ type, bytes: sizeOf(response) });
		else if (type === 'stylesheet') arrived.push({ type: 'style', bytes: sizeOf(response) });
	});
	return {
		fault: (text: string): void => void faults.push(text),
		/** Faults since the last call. */
		takeFaults: (): string[] => {
			const taken = faults;
			faults = [];
			return taken;
		},
		/** Bytes of files since the last call, gzipped. */
		takeWeights: async (): Promise<Record<Weighed, number>> => {
			const taken = arrived;
			arrived = [];
			const weights = { script: 0, style: 0 };
			for (const { type, bytes } of taken) weights[type] += await bytes;
			return weights;
		}
	};
};

const look = async (page: Page, heard: ReturnType<typeof listen>, path: string, expected: number, weigh: boolean): Promise<void> => {
	const response = await page.goto(path, { waitUntil: 'load' });
	// A page that is still being put together moves under the eyes of who looks at it.
	if (weigh || isLive(path)) await filesArrived(page);
	const weights = await heard.takeWeights();
	expect.soft(response?.status(), `${path} answers`).toBe(expected);
	const { sideways, height } = await page.evaluate(() => {
		const { scrollWidth, clientWidth, scrollHeight } = document.documentElement;
		return { sideways: scrollWidth - clientWidth, height: scrollHeight };
	});
	if (sideways > 0) heard.fault(`wider than the window: ${await widest(page)}`);
	expect.soft(sideways, `${path} scrolls sideways by so many pixels`).toBeLessThanOrEqual(0);
	// The whole page in sight: what lies under a bar fixed to the window is reached by scrolling, and no fault.
	const size = page.viewportSize();
	if (size) await page.setViewportSize({ width: size.width, height: height + 400 });
	expect.soft(await barriers(page), `${path} is accessible`).toEqual([]);
	if (size) await page.setViewportSize(size);
	expect.soft(heard.takeFaults(), `${path} runs without faults`).toEqual([]);
	if (!weigh) return;
	expect.soft(weights.script, `${path} script bytes, gzipped`).toBeLessThanOrEqual(scriptBudget);
	expect.soft(weights.style, `${path} style bytes, gzipped`).toBeLessThanOrEqual(styleBudget);
};

const lookAtAll = async (browser: Browser, who: string, view: View): Promise<void> => {
	const [login = ''] = who.split(',');
	const client = login === 'stranger' ? null : await signInByApi(address(), login);
	// One tab for all: a new one costs a process, which takes longer than the page.
	const page = login === 'stranger' ? await (await openBrowser(browser, view)).newPage() : await signedIn(browser, login, view);
	const context = page.context();
	const paths = await (pagesOf[who] ?? (async () => []))(client as ApiClient, page);
	await bringAxe(context);
	const heard = listen(page);
	for (const path of paths) await look(page, heard, path, path === '/no-such-page' ? 404 : 200, view.width === 1280);
	await context.close();
};

for (const { name, view } of views)
	for (const who of Object.keys(pagesOf))
		test(`${who}: every page, ${name}`, async ({ browser }) => {
			test.setTimeout(300_000);
			await lookAtAll(browser, who, view);
		});
