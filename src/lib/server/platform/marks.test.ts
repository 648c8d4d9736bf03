import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { marksBytes, openMarks } from './marks.ts';

let folder = '';
const file = (): string => join(folder, 'marks');

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'miaopu-marks-test-'));
	writeFileSync(file(), Buffer.alloc(marksBytes(3)));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that writes down what it hears of. */
const member = (self: number) => {
	const marks = openMarks(file(), self, 3);
	const heard: string[] = [];
	for (const name of ['sessions', 'stations', 'pages'] as const) marks.follow(name, () => heard.push(name));
	return { marks, heard };
};

describe('marks between processes', () => {
	it('tell every other process what changed, once, when it looks', () => {
		const [first, second, third] = [member(0), member(1), member(2)];
		first.marks.raise('sessions');
		first.marks.raise('sessions');
		second.marks.raise('pages');
		expect(third.heard).toEqual([]);
		for (const { marks } of [first, second, third]) marks.catchUp();
		expect(first.heard).toEqual(['pages']);
		expect(second.heard).toEqual(['sessions']);
		expect(third.heard.sort()).toEqual(['pages', 'sessions']);
		for (const { marks } of [first, second, third]) marks.catchUp();
		expect(third.heard).toHaveLength(2);
	});

	it('lose nothing when two processes raise the same name between two looks', () => {
		const [first, second, third] = [member(0), member(1), member(2)];
		for (let round = 1; round <= 300; round += 1) {
			first.marks.raise('stations');
			second.marks.raise('stations');
			third.marks.catchUp();
			expect(third.heard).toHaveLength(2 * round);
		}
		first.marks.catchUp();
		expect(first.heard).toEqual(['stations']);
	});

	it('begin with what is on file: a process started anew hears only of what comes after', () => {
		const first = member(0);
		first.marks.raise('sessions');
		const late = member(1);
		late.marks.catchUp();
		expect(late.heard).toEqual([]);
		first.marks.raise('sessions');
		late.marks.catchUp();
		expect(late.heard).toEqual(['sessions']);
		const again = member(0);
		again.marks.raise('sessions');
		late.marks.catchUp();
		expect(late.heard).toEqual(['sessions', 'sessions']);
	});
});
