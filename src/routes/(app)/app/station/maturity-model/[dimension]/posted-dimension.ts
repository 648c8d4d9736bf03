/** A text or number as a form posts it. */
type Posted = Record<string, unknown>;
const record = (value: unknown): Posted => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Posted) : {});
const list = (value: unknown): Posted[] => (Array.isArray(value) ? value.map(record) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
/** Words in one language stand for both until somebody translates them. */
const pair = (value: unknown) => {
	const { 'zh-CN': chinese, en } = record(value);
	return { 'zh-CN': text(chinese) || text(en), en: text(en) || text(chinese) };
};

/**
 * The posted form in the shape of a dimension: a hint left empty in both languages is none, a figure without a
 * minimum is dropped, a level without figures has no rule.
 */
export const postedDimension = (key: string, values: Posted): unknown => {
	const levels = list(values.levels);
	return {
		dimension: {
			key,
			label: pair(values.label),
			levels: levels.map((level, index) => {
				const hint = pair(level.hint);
				return { level: index + 1, label: pair(level.label), ...(hint['zh-CN'] || hint.en ? { hint } : {}) };
			}),
			rules: levels.flatMap((level, index) => {
				const conditions = list(level.conditions)
					.filter(({ fact, min }) => text(fact) !== '' && text(min) !== '')
					.map(({ fact, min }) => ({ fact: text(fact), min: Number(text(min)) }));
				return index > 0 && conditions.length > 0 ? [{ level: index + 1, proves: level.proves === 'on', conditions }] : [];
			})
		},
		note: text(values.note),
		base: values.base
	};
};
