import { afterAll, expect, test } from 'vitest';
import { signInByApi, type ApiClient } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';

/** How often the power is cut; `MIAOPU_CRASH_ROUNDS=50` for a long look. */
const rounds = Number(process.env.MIAOPU_CRASH_ROUNDS ?? 3);

type Card = {
	id: string;
	status: string;
	version: number;
	scores: Record<string, number | null>;
	rubric: { criteria: { key: string; points: number }[] };
};

let app: RunningApp;
afterAll(async () => {
	await app.kill().catch(() => {});
	removeData(app);
});

const openCards = async (client: ApiClient): Promise<Card[]> => {
	const { body } = await client.get('/judging');
	const { items } = body as { items: { id: string; status: string }[] };
	const open = items.filter(({ status }) => status === 'assigned' || status === 'draft');
	return Promise.all(open.map(async ({ id }) => (await client.get(`/scorecards/${id}`)).body as Card));
};

/** Saves one card again and again until the connection breaks; answers the last save that was acknowledged. */
const saveUntilCut = async (client: ApiClient, card: Card, stop: () => boolean, saved: () => void) => {
	let acknowledged = { version: card.version, scores: card.scores };
	let sent = acknowledged.scores;
	for (let turn = 0; !stop(); turn += 1) {
		const scores = Object.fromEntries(card.rubric.criteria.map(({ key, points }, index) => [key, (turn + index) % (points + 1)]));
		sent = scores;
		try {
			const { status, body } = await client.send('PUT', `/scorecards/${card.id}`, {
				scores,
				comments: {},
				overall: `第 ${turn} 次`,
				status: 'draft',
				version: acknowledged.version
			});
			if (status !== 200) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
			acknowledged = { version: (body as Card).version, scores };
			saved();
		} catch (error) {
			if (error instanceof TypeError) break;
			throw error;
		}
	}
	return { id: card.id, acknowledged, sent };
};

test(
	`killed ${rounds} times in the middle of scoring, it opens by itself with every acknowledged save`,
	async () => {
		app = await startApp({ demo: true });
		for (let round = 0; round < rounds; round += 1) {
			const clients = await Promise.all(['judge1', 'judge2', 'judge3', 'judge4'].map((login) => signInByApi(app.address, login)));
			const cards = (await Promise.all(clients.map(openCards))).map((list) => list.slice(0, 3));
			expect(cards.flat().length).toBeGreaterThan(3);
			let [cut, saves] = [false, 0];
			const saving = clients.flatMap((client, index) => (cards[index] ?? []).map((card) => saveUntilCut(client, card, () => cut, () => (saves += 1))));
			// The moment differs from round to round, so that it falls between any two steps of a save.
			await new Promise((resolve) => setTimeout(resolve, 400 + ((round * 137) % 900)));
			await expect.poll(() => saves).toBeGreaterThan(saving.length);
			await app.kill();
			cut = true;
			const results = await Promise.all(saving);

			app = await startApp({ dataDir: app.dataDir });
			const again = await Promise.all(['judge1', 'judge2', 'judge3', 'judge4'].map((login) => signInByApi(app.address, login)));
			const stored = new Map((await Promise.all(again.map(openCards))).flat().map((card) => [card.id, card]));
			for (const { id, acknowledged, sent } of results) {
				const card = stored.get(id);
				expect(card, `scorecard ${id} is there`).toBeDefined();
				if (!card) continue;
				// What was on its way when the power went may have arrived or not; what was acknowledged must be there.
				expect([acknowledged.version, acknowledged.version + 1]).toContain(card.version);
				expect(card.scores).toEqual(card.version === acknowledged.version ? acknowledged.scores : sent);
			}
		}
		expect(await app.stop()).toBe(0);
	},
	120_000 + rounds * 30_000
);
