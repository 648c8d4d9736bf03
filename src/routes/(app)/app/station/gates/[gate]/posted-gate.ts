type Posted = Record<string, unknown>;
const record = (value: unknown): Posted => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Posted) : {});
const list = (value: unknown): Posted[] => (Array.isArray(value) ? value.map(record) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
/** Words in one language stand for both until somebody translates them. */
const pair = (value: unknown) => {
	const { 'zh-CN': chinese, en } = record(value);
	return { 'zh-CN': text(chinese) || text(en), en: text(en) || text(chinese) };
};

/** A measure as posted; an empty target stays empty, so that the schema can say so. */
const measure = ({ metric, target, windowDays }: Posted) => ({
	metric: text(metric),
	target: text(target) === '' ? undefined : Number(text(target)),
	...(text(windowDays) === '' ? {} : { windowDays: Number(text(windowDays)) })
});

const freshKey = (taken: Set<string>, wish: string): string => {
	let key = wish;
	for (let count = 2; taken.has(key); count += 1) key = `${wish}_${count}`;
	taken.add(key);
	return key;
};

/** Rows to drop and rows without words are left out. */
const counts = (row: Posted): boolean => row.drop !== 'on' && (text(row.key) !== '' || pair(row.label)['zh-CN'] !== '' || pair(row.label).en !== '');
const named = (other: Posted): boolean => text(other.metric) !== '';

/** The criteria of one mode as posted; new ones get a key. */
const criteria = (rows: readonly Posted[]): unknown[] => {
	const kept = rows.filter(counts);
	const taken = new Set(kept.map(({ key }) => text(key)).filter((key) => key !== ''));
	return kept.map((row) => {
		const attested = row.kind === 'attested';
		const shared = { key: text(row.key) || freshKey(taken, attested ? 'attested' : text(row.metric) || 'criterion'), label: pair(row.label), hint: pair(row.hint) };
		if (attested) return { ...shared, kind: 'attested' };
		const alternatives = list(row.alternatives).filter(named).map(measure);
		return { ...shared, kind: 'measured', measure: { ...measure(row), ...(alternatives.length > 0 ? { alternatives } : {}) } };
	});
};

/** The posted form in the shape of a gate in both modes. */
export const postedGate = (values: Posted): unknown => ({ both: { full: criteria(list(values.full)), light: criteria(list(values.light)) }, version: values.version });

/** The place on the form of the nth of those that were kept. */
const placeOf = (rows: readonly Posted[], keeps: (row: Posted) => boolean, nth: number): number =>
	rows.flatMap((row, place) => (keeps(row) ? [place] : []))[nth] ?? nth;

/**
 * The field of the form a fault belongs to: `both.full[0].measure.target` is `full[2].target` when the two rows above it
 * are to be dropped.
 */
export const fieldOf = (values: Posted, path: string): string => {
	const found = /^both\.(full|light)(?:\[(\d+)\](.*))?$/.exec(path);
	if (!found) return path;
	const [, mode = '', nth, rest = ''] = found;
	if (nth === undefined) return mode;
	const rows = list(values[mode]);
	const place = placeOf(rows, counts, Number(nth));
	const inside = rest.replace('.measure', '').replace(/^\.alternatives\[(\d+)\]/, (_, at: string) => {
		return `.alternatives[${placeOf(list(rows[place]?.alternatives), named, Number(at))}]`;
	});
	return `${mode}[${place}]${inside}`;
};
