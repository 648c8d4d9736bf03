import { expect, test } from 'vitest';
import { z } from 'zod';
import { patchShape } from './patch.ts';

test('an absent field stays absent instead of taking its default', () => {
	const patch = z.object(patchShape({ title: z.string().default(''), needs: z.array(z.string()).default([]), fund: z.int() }));
	expect(patch.parse({})).toEqual({});
	expect(patch.parse({ fund: 5 })).toEqual({ fund: 5 });
	expect(patch.safeParse({ needs: 'x' }).success).toBe(false);
});
