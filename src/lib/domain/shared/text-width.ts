/** How wide a text is in half-width characters: a Chinese character or full-width mark counts two. Of several lines, the longest. */
export const textWidth = (text: string): number =>
	Math.max(0, ...text.split(/\r?\n/).map((line) => [...line].reduce((sum, mark) => sum + ((mark.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2), 0)));

/**
 * Shares a line between columns by what stands in them: a column that needs no more than an equal share of what is left
 * gets what it needs, the others share the rest in proportion.
 * @param texts - what stands in each column, its head included
 * @param options - `total` width of the line; `mark` width of a half-width character; `room` a cell's own margin
 * @returns whole widths that add up to `total`
 */
export const columnWidths = (texts: readonly (readonly string[])[], { total, mark, room }: { total: number; mark: number; room: number }): number[] => {
	const needed = texts.map((column) => Math.max(1, ...column.map(textWidth)) * mark + room);
	const widths = needed.map(() => 0);
	let open = needed.map((_, at) => at);
	let left = total;
	for (let settled = true; settled && open.length > 0; ) {
		const share = left / open.length;
		const fits = open.filter((at) => (needed[at] ?? 0) <= share);
		settled = fits.length > 0 && fits.length < open.length;
		if (!settled) break;
		for (const at of fits) {
			widths[at] = needed[at] ?? 0;
			left -= widths[at] ?? 0;
		}
		open = open.filter((at) => !fits.includes(at));
	}
	const sum = open.reduce((all, at) => all + (needed[at] ?? 0), 0);
	for (const at of open) widths[at] = (left * (needed[at] ?? 0)) / sum;
	const whole = widths.map(Math.floor);
	const rest = total - whole.reduce((all, width) => all + width, 0);
	return whole.map((width, at) => (at === 0 ? width + rest : width));
};
