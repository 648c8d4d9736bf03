import { expect, it } from 'vitest';
import { inOneRead } from './one-read.ts';

it('reads once what is asked for in the same moment, and again what comes later', async () => {
	const reads: string[][] = [];
	const read = inOneRead((ids) => {
		reads.push(ids);
		return Promise.resolve(new Map(ids.filter((id) => id !== 'gone').map((id) => [id, id.toUpperCase()])));
	});
	expect(await Promise.all(['a', 'gone', 'b'].map(read))).toEqual(['A', undefined, 'B']);
	expect(await read('c')).toBe('C');
	expect(reads).toEqual([['a', 'gone', 'b'], ['c']]);
});

it('tells a failure to everybody who asked, and starts anew', async () => {
	let fails = true;
	const read = inOneRead((ids) => (fails ? Promise.reject(new Error('away')) : Promise.resolve(new Map(ids.map((id) => [id, id])))));
	const both = Promise.allSettled([read('a'), read('b')]);
	expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	fails = false;
	expect(await read('a')).toBe('a');
});
