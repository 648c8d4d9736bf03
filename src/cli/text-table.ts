/** Columns an East Asian terminal gives a text: CJK characters and full-width forms take two. */
export function displayWidth(text: string): number {
	let width = 0;
	for (const character of text)
		width +=
			/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
				character
			)
				? 2
				: 1;
	return width;
}

/** Lines of a table for the terminal; columns listed in `right` are right-aligned. */
export function textTable(
	header: readonly string[],
	rows: readonly (readonly string[])[],
	right: ReadonlySet<number>
): string {
	const widths = header.map((name, at) =>
		rows.reduce((most, row) => Math.max(most, displayWidth(row[at] ?? '')), displayWidth(name))
	);
	const line = (cells: readonly string[]) =>
		cells
			.map((cell, at) => {
				const gap = ' '.repeat((widths[at] ?? 0) - displayWidth(cell));
				return right.has(at) ? gap + cell : cell + gap;
			})
			.join('  ')
			.trimEnd();
	return [header, ...rows].map(line).join('\n') + '\n';
}
