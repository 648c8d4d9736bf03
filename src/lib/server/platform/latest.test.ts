import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { latestBytes, openLatest } from './latest.ts';

const offset = 12;
let folder = '';
let handle = 0;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'miaopu-latest-test-'));
	const file = join(folder, 'latest');
	writeFileSync(file, Buffer.alloc(offset + latestBytes));
	handle = openSync(file, 'r+');
});

afterEach(() => {
	closeSync(handle);
	rmSync(folder, { recursive: true, force: true });
});

/** An id as a driver makes them one after the other. */
const idOf = (count: number): string => `6741f0a2b7c3d91e${(0x5a000000 + count).toString(16)}`;

describe('the version written last', () => {
	it('is known to every process, and makes an earlier one outdated', () => {
		const [first, second] = [openLatest(handle, offset), openLatest(handle, offset)];
		expect(second.isOutdated(idOf(1), 4)).toBe(false);
		first.note(idOf(1), 5);
		expect(second.isOutdated(idOf(1), 4)).toBe(true);
		expect(second.isOutdated(idOf(1), 5)).toBe(false);
		expect(second.isOutdated(idOf(2), 4)).toBe(false);
		second.note(idOf(1), 6);
		expect(first.isOutdated(idOf(1), 5)).toBe(true);
	});

	it('never takes one document for another, and knows nearly all of a thousand', () => {
		const latest = openLatest(handle, offset);
		const ids = Array.from({ length: 1000 }, (_, count) => idOf(count));
		for (const id of ids) latest.note(id, 7);
		for (const id of ids) expect(latest.isOutdated(id, 7)).toBe(false);
		expect(ids.filter((id) => latest.isOutdated(id, 6)).length).toBeGreaterThan(950);
		for (let count = 1000; count < 3000; count += 1) expect(latest.isOutdated(idOf(count), 6)).toBe(false);
	});
});
