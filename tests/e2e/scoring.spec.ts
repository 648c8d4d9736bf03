import { expect, type Page } from '@playwright/test';
import { signInByApi, type ApiClient } from '../factories/api-client.ts';
import { press } from '../pages/acting.ts';
import { fillScorecard, mark, openCard } from '../pages/scorecard.ts';
import { test } from './app.ts';
import { address, signedIn } from './people.ts';

test.use({ subject: 'scoring' });


type Queued = { id: string; status: string };
type Card = { version: number; status: string; scores: Record<string, number>; total: number | null };

/** The judge's own scorecards that are still open, as the server knows them. */
const openCards = async (client: ApiClient): Promise<string[]> => {
	const { body } = await client.get('/judging');
	return (body as { items: Queued[] }).items.filter(({ status }) => status === 'assigned' || status === 'draft').map(({ id }) => id);
};
const stored = async (client: ApiClient, id: string): Promise<Card> => (await client.get(`/scorecards/${id}`)).body as Card;

const saved = (page: Page) => page.getByRole('status').filter({ hasText: /^已保存 · / });
const keptHere = (page: Page) => page.getByText('没有网络，已存在本机，联网后自动上传');

/** The points a mark gets next, so that every run changes something. */
const other = (points: number | undefined): number => (points === 14 ? 15 : 14);

test('scores given without a network arrive once it is back, and once only', async ({ browser }) => {
	const client = await signInByApi(address(), 'judge1');
	const [id = ''] = await openCards(client);
	const before = await stored(client, id);
	const need = other(before.scores.need);
	const judge = await signedIn(browser, 'judge1', { width: 360 });
	await openCard(judge, id);
	const arrived: number[] = [];
	judge.on('response', (response) => {
		if (response.url().endsWith(`/app/judging/${id}/save`)) arrived.push(response.status());
	});

	await judge.context().setOffline(true);
	await mark(judge, '需求真实').fill(String(need));
	await expect(keptHere(judge)).toBeVisible();
	await mark(judge, '方案可行').fill('13');
	await mark(judge, '团队能力').fill('7');
	await expect(keptHere(judge)).toBeVisible();
	expect(await stored(client, id)).toEqual(before);

	await judge.context().setOffline(false);
	await expect(saved(judge)).toBeVisible();
	const after = await stored(client, id);
	expect(after.version).toBe(before.version + 1);
	expect(after.scores).toEqual({ ...before.scores, need, feasibility: 13, team: 7 });
	expect(arrived).toEqual([200]);

	await judge.reload();
	await expect(mark(judge, '需求真实')).toHaveValue(String(need));
	await judge.context().close();
});

test('two tabs of one scorecard: both versions are shown, and the judge chooses', async ({ browser }) => {
	const client = await signInByApi(address(), 'judge2');
	const [id = ''] = await openCards(client);
	const before = await stored(client, id);
	const need = other(before.scores.need);
	const one = await signedIn(browser, 'judge2', { width: 360 });
	const two = await one.context().newPage();
	await openCard(one, id);
	await openCard(two, id);

	await mark(two, '需求真实').fill(String(need));
	await expect(saved(two)).toBeVisible();
	expect((await stored(client, id)).version).toBe(before.version + 1);
	await mark(one, '需求真实').fill('17');
	const clash = one.getByRole('alert').filter({ hasText: '这份评分在别处也改过' });
	await expect(clash.getByRole('row').filter({ hasText: '需求真实' }).getByRole('cell')).toHaveText(['17', String(need)]);
	await expect(one.getByText('别处也改过，请核对后再保存')).toBeVisible();
	expect((await stored(client, id)).scores.need).toBe(need);

	await press(clash, '用别处的');
	await expect(mark(one, '需求真实')).toHaveValue(String(need));
	await expect(clash).toHaveCount(0);
	expect((await stored(client, id)).version).toBe(before.version + 1);

	await mark(one, '方案可行').fill('15');
	await expect.poll(async () => (await stored(client, id)).scores.feasibility).toBe(15);
	await mark(two, '方案可行').fill('16');
	await press(two.getByRole('alert').filter({ hasText: '这份评分在别处也改过' }), '用本页的');
	await expect.poll(async () => (await stored(client, id)).scores.feasibility).toBe(16);
	await one.context().close();
});

test('a submission without a network waits on the device and locks when it arrives', async ({ browser }) => {
	const client = await signInByApi(address(), 'judge2');
	const [id = ''] = await openCards(client);
	const judge = await signedIn(browser, 'judge2', { width: 360 });
	await openCard(judge, id);
	await judge.context().setOffline(true);
	await fillScorecard(judge, [15, 15, 12, 12, 12, 8, 4]);
	await press(judge, '提交评分');
	await press(judge, '确认提交');
	await expect(judge.getByText('没有网络。提交已记在本机，联网后自动送出。')).toBeVisible();
	expect((await stored(client, id)).status).not.toBe('submitted');
	await judge.context().setOffline(false);
	await expect(judge.getByRole('status').filter({ hasText: '这份给了 78 分。' })).toBeVisible();
	expect(await stored(client, id)).toMatchObject({ status: 'submitted', total: 78 });
	await judge.context().close();
});
