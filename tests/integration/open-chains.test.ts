import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { recordAct, recordSoon, recordsWritten, verifyAudit } from '#lib/server/modules/audit/index.ts';
import { database } from '#lib/server/platform/db/index.ts';
import { openTestDatabase } from '../factories/store.ts';

let store: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
	store = await openTestDatabase();
});
afterAll(() => store.close());

const judge: Actor = { kind: 'user', id: '6741f0a2b7c3d91e5a000001', name: '一位评委', grants: [] };
const began = performance.now();
const act = (chain: string, minute: number) => ({
	chain: `judging:hall:${chain}`,
	actor: judge,
	action: 'scorecard_submitted',
	subject: `card-${chain}-${minute}`,
	detail: { total: 100 * minute },
	done: { at: new Date(Date.UTC(2026, 10, 22, 9, minute)), from: began }
});
const chainOf = async (chain: string) =>
	(await database().collection('audit').find({ chain: `judging:hall:${chain}` }).sort({ seq: 1 }).toArray()).map(({ seq, detail }) => [seq, detail.total]);

// The same modules once more have a memory of their own, as another process of the application has.
test('acts of one moment go in together, each once and behind what another process put in meanwhile', async () => {
	await recordSoon(act('a', 1));
	await recordsWritten();
	vi.resetModules();
	const other = await import('#lib/server/modules/audit/index.ts');
	await other.recordSoon(act('a', 2));
	await other.recordsWritten();

	for (const one of [act('b', 1), act('a', 3), act('c', 1), act('a', 4), act('b', 2), act('a', 3), act('a', 2)]) await recordSoon(one);
	await recordsWritten();
	await Promise.all([recordAct(act('b', 2)), other.recordAct(act('b', 2)), recordAct(act('c', 2)), other.recordAct(act('c', 3))]);

	expect(await chainOf('a')).toEqual([[1, 100], [2, 200], [3, 300], [4, 400]]);
	expect(await chainOf('b')).toEqual([[1, 100], [2, 200]]);
	expect((await chainOf('c')).map(([, total]) => total).sort()).toEqual([100, 200, 300]);
	expect((await verifyAudit()).faults).toEqual([]);
});
