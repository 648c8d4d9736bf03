import { expect, test } from 'vitest';
import { sensibleRequest } from './total.ts';

test('asks for what the budget needs beside one\'s own money, within the track', () => {
	expect(sensibleRequest(209_000, 0, 300_000)).toBe(209_000);
	expect(sensibleRequest(209_000, 9_000, 300_000)).toBe(200_000);
	expect(sensibleRequest(300_001, 0, 300_000)).toBe(300_000);
	expect(sensibleRequest(100, 500, null)).toBe(0);
	expect(sensibleRequest(0, 0, 300_000)).toBe(0);
});
