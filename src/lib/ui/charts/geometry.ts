/**
 * The little geometry our charts need, by hand: a scale is one line, and a charting library would be the heaviest thing
 * a phone loads.
 */

/** Maps `[from, to]` to `[start, end]` in a straight line. A domain without width maps to the middle. */
export function linearScale(
	[from, to]: readonly [number, number],
	[start, end]: readonly [number, number]
): (value: number) => number {
	if (from === to) return () => (start + end) / 2;
	return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/**
 * Round values that cover a range: steps of 1, 2 or 5 times a power of ten, about `count` of them. The first is at most
 * `low`, the last at least `high`.
 */
export function niceTicks(low: number, high: number, count = 4): number[] {
	if (low === high) return [low];
	const rough = (high - low) / Math.max(1, count);
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
	const first = Math.floor(low / step);
	const last = Math.ceil(high / step);
	return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A point at an angle given in turns (0 is up, clockwise), `radius` from the centre. */
export function polarPoint(centre: readonly [number, number], radius: number, turns: number): [number, number] {
	const angle = turns * 2 * Math.PI - Math.PI / 2;
	return [round(centre[0] + radius * Math.cos(angle)), round(centre[1] + radius * Math.sin(angle))];
}

/** Points as the `points` of a polygon or polyline. */
export function pointList(points: readonly (readonly [number, number])[]): string {
	return points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
}

/** Two decimals are plenty on a screen and keep the page small. */
export function round(value: number): number {
	return Math.round(value * 100) / 100;
}

/**
 * Stacks dots that would cover each other. Positions are kept; the level counts up from 0.
 * @param positions - along the line, in drawing units
 * @param width - the width of a dot
 */
export function stackDots(positions: readonly number[], width: number): { position: number; level: number }[] {
	const ends: number[] = [];
	return [...positions]
		.sort((a, b) => a - b)
		.map((position) => {
			const free = ends.findIndex((end) => end <= position - width);
			const level = free === -1 ? ends.length : free;
			ends[level] = position;
			return { position, level };
		});
}
