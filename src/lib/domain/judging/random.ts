/**
 * Reproducible randomness: the same seed text gives the same lots, draws and samples on every machine, so anybody can
 * check a draw afterwards. Not for secrets.
 *
 * - Text is hashed by MurmurHash3 x86_32 (Austin Appleby, 2008, public domain) over its UTF-8 bytes.
 * - Numbers come from sfc32, "small fast counting" (Chris Doty-Humphrey, PractRand), its state filled with four hashes of
 *   the seed text (hash seeds 1 to 4) and stirred 20 times.
 * - Normal deviates use Marsaglia's polar method (Marsaglia and Bray 1964).
 */

const encoder = new TextEncoder();

function rotate(x: number, bits: number): number {
	return (x << bits) | (x >>> (32 - bits));
}

/** MurmurHash3 x86_32 of the text's UTF-8 bytes: an integer 0 … 2³²−1. */
export function hash32(text: string, seed = 0): number {
	const bytes = encoder.encode(text);
	const tail = bytes.length & ~3;
	let h = seed | 0;
	const mix = (k: number) => Math.imul(rotate(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
	for (let i = 0; i < tail; i += 4) {
		const k =
			(bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24);
		h = (Math.imul(rotate(h ^ mix(k), 13), 5) + 0xe6546b64) | 0;
	}
	if (tail < bytes.length) {
		const k = (bytes[tail] ?? 0) | ((bytes[tail + 1] ?? 0) << 8) | ((bytes[tail + 2] ?? 0) << 16);
		h ^= mix(k);
	}
	h ^= bytes.length;
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}

/** A stream of random numbers. */
export interface Random {
	/** Uniform integer 0 … 2³²−1. */
	uint32(): number;
	/** Uniform in [0, 1), 53 bits. */
	float(): number;
	/** Uniform integer 0 … `bound`−1, without bias; `bound` is 1 … 2³². */
	below(bound: number): number;
	/** Standard normal. */
	normal(): number;
}

/** The stream that belongs to a seed text. */
export function createRandom(seed: string): Random {
	let a = hash32(seed, 1) | 0;
	let b = hash32(seed, 2) | 0;
	let c = hash32(seed, 3) | 0;
	let counter = hash32(seed, 4) | 0;
	let spare: number | null = null;

	function uint32(): number {
		const result = (a + b + counter) | 0;
		counter = (counter + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (rotate(c, 21) + result) | 0;
		return result >>> 0;
	}
	function float(): number {
		return ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
	}
	function below(bound: number): number {
		if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) throw new RangeError(`no integer below ${bound}`);
		const limit = 2 ** 32 - (2 ** 32 % bound);
		let x = uint32();
		while (x >= limit) x = uint32();
		return x % bound;
	}
	function normal(): number {
		if (spare !== null) {
			const kept = spare;
			spare = null;
			return kept;
		}
		for (;;) {
			const x = uint32() / 2147483648 - 1;
			const y = uint32() / 2147483648 - 1;
			const s = x * x + y * y;
			if (s > 0 && s < 1) {
				const factor = Math.sqrt((-2 * Math.log(s)) / s);
				spare = y * factor;
				return x * factor;
			}
		}
	}
	for (let i = 0; i < 20; i++) uint32();
	return { uint32, float, below, normal };
}

/** The lot of one participant under a seed: an integer 0 … 2⁵³−1 that depends on nothing but the two texts. */
export function lotNumber(seed: string, id: string): number {
	// The length keeps ("ab", "c") apart from ("a", "bc").
	const text = `${seed.length}:${seed}${id}`;
	return (hash32(text, 5) >>> 5) * 67108864 + (hash32(text, 6) >>> 6);
}

/** By code unit, as `<` compares; the same everywhere, unlike a locale's order. */
export function byText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** Everyone in the order of their lots, lowest first: who pitches first, who wins a tie. Input order does not matter. */
export function drawOrder(seed: string, ids: readonly string[]): string[] {
	return ids
		.map((id) => ({ id, lot: lotNumber(seed, id) }))
		.sort((x, y) => x.lot - y.lot || byText(x.id, y.id))
		.map(({ id }) => id);
}
