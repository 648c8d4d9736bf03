import { m } from '#lib/i18n/generated/messages.js';
import { scoringRuleWord } from './words.ts';

type Rule = {
	rounds: readonly { label: string; weight: number; rule: string; groups: readonly { label: string; weight: number }[] }[];
	/** Whether anybody got bonus points. */
	bonus: boolean;
};

/** How a published result was computed, in sentences anybody can follow. */
export const ruleSentences = ({ rounds, bonus }: Rule): string[] => [
	...rounds.map(({ label, weight, rule, groups }) => {
		const how = scoringRuleWord(rule);
		const parts = groups.length > 0 ? m.appl_rule_groups({ groups: groups.map((group) => `${group.label} ${group.weight}`).join(' : ') }) : '';
		return rounds.length > 1 ? m.appl_rule_round({ label, weight, how }) + parts : m.appl_rule_only({ label, how }) + parts;
	}),
	...(rounds.some(({ rule }) => rule === 'trimmed') ? [m.appl_rule_trimmed()] : []),
	...(rounds.length > 1 ? [m.appl_rule_sum(), m.appl_rule_later()] : []),
	...(bonus ? [m.appl_rule_bonus()] : []),
	m.appl_rule_rounding()
];
