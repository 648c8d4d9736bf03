/** Series of preferred numbers (ISO 3, IEC 60063 and others), to which `$bucketAuto` rounds its boundaries. */

/** Rounds a number above zero to the next of the series beyond it, up or down; zero stays zero. */
export interface Granularity {
	up(value: number): number;
	down(value: number): number;
}

/** The Renard series are rounded by tradition, not by rule. */
const R40 =
	'100 106 112 118 125 132 140 150 160 170 180 190 200 212 224 236 250 265 280 300 315 335 355 375 400 425 450 475 500 530 560 600 630 670 710 750 800 850 900 950'
		.split(' ')
		.map(Number);
const R80_BETWEEN =
	'103 109 115 122 128 136 145 155 165 175 185 195 206 218 230 243 258 272 290 307 325 345 365 387 412 437 462 487 515 545 575 615 650 690 730 775 825 875 925 975'
		.split(' ')
		.map(Number);
const E24 = '10 11 12 13 15 16 18 20 22 24 27 30 33 36 39 43 47 51 56 62 68 75 82 91'.split(' ').map(Number);

const every = (series: number[], step: number): number[] => series.filter((_, i) => i % step === 0);

/** The finer E series follow the rule but for one number. */
const E192 = Array.from({ length: 192 }, (_, i) => (i === 185 ? 920 : Math.round(100 * 10 ** (i / 192))));

const SERIES: Record<string, number[]> = {
	'1-2-5': [10, 20, 50],
	R5: [10, 16, 25, 40, 63],
	R10: every(R40, 4),
	R20: every(R40, 2),
	R40,
	R80: R40.flatMap((number, i) => [number, R80_BETWEEN[i] as number]),
	E6: every(E24, 4),
	E12: every(E24, 2),
	E24,
	E48: every(E192, 4),
	E96: every(E192, 2),
	E192
};

/** Scales into the decade of the series and looks there. */
function decade(series: number[]): Granularity {
	const first = series[0] as number;
	const scaled = (value: number): { mantissa: number; power: number } => {
		let power = Math.floor(Math.log10(value / first));
		if (value / 10 ** power < first) power--;
		if (value / 10 ** power >= first * 10) power++;
		return { mantissa: value / 10 ** power, power };
	};
	// Powers of ten above and below one are kept apart, so that no digit is lost.
	const back = (number: number, power: number): number => (power < 0 ? number / 10 ** -power : number * 10 ** power);
	return {
		up(value) {
			if (value === 0) return 0;
			const { mantissa, power } = scaled(value);
			return back(series.find((number) => number > mantissa) ?? first * 10, power);
		},
		down(value) {
			if (value === 0) return 0;
			const { mantissa, power } = scaled(value);
			const below = series.filter((number) => number < mantissa).at(-1);
			return below === undefined ? back(series.at(-1) as number, power - 1) : back(below, power);
		}
	};
}

const POWERS_OF_TWO: Granularity = {
	up: (value) => (value === 0 ? 0 : 2 ** (Math.floor(Math.log2(value)) + 1)),
	down: (value) => (value === 0 ? 0 : 2 ** (Math.ceil(Math.log2(value)) - 1))
};

export function granularityOf(name: string): Granularity | undefined {
	if (name === 'POWERSOF2') return POWERS_OF_TWO;
	const series = Object.hasOwn(SERIES, name) ? SERIES[name] : undefined;
	return series && decade(series);
}
