import { clockText } from '#lib/domain/shared/moments.ts';
import { yuanText } from '#lib/domain/shared/money.ts';

type Message = (params: Record<string, string | number>) => string;

/** Values that are codes themselves, and the beginning of the messages that name them. */
const terms: Record<string, string> = {
	stage: 'term_stage_',
	minStage: 'term_stage_',
	filing: 'term_filing_',
	minFiling: 'term_filing_',
	category: 'term_category_',
	from: 'compstate_',
	to: 'compstate_',
	parts: 'comp_part_'
};

const grouped = (yuan: string): string => yuan.replace(/\B(?=(\d{3})+(?=\.|$))/g, ',');

/**
 * Makes parameters fit to be read: amounts `capFen` come as yuan under `cap`, codes of stages, states and parts in
 * their words (lists of codes too), moments to the second in Shanghai.
 */
export const spokenParams = (
	params: Record<string, string | number>,
	catalogue: Record<string, Message | undefined>
): Record<string, string | number> =>
	Object.fromEntries(
		Object.entries(params).flatMap(([name, value]): [string, string | number][] => {
			if (name.endsWith('Fen') && typeof value === 'number') return [[name.slice(0, -3), grouped(yuanText(value))]];
			const term = terms[name];
			if (term && typeof value === 'string')
				return [[name, value.split(/,\s*/).map((code) => catalogue[term + code]?.({}) ?? code).join(catalogue.prop_list_comma?.({}) ?? ', ')]];
			if (name === 'until' && typeof value === 'string' && !Number.isNaN(Date.parse(value))) return [[name, clockText(new Date(value))]];
			return [[name, value]];
		})
	);
