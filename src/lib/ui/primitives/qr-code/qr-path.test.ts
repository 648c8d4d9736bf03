import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { qrPath } from './qr-path.ts';

it('draws exactly the dark modules', () => {
	const text = 'https://miaopu.example/s/Ab3dE9';
	const { size, path } = qrPath(text);
	const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
	for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
		for (let step = 0; step < Number(run); step += 1) {
			const row = drawn[Number(y)];
			if (row) row[Number(x) + step] = true;
		}
	}
	expect(drawn).toEqual(encode(text, { border: 2, ecc: 'M' }).data);
});
