import type { CompetitionSettings } from '#lib/domain/competitions/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { formatMoney } from '#lib/ui/format.ts';
import { questionTypeWord } from './question-words.ts';
import { budgetLines, eligibilityLines } from './rule-lines.ts';
import { roundLine } from './words.ts';

type Language = 'zh-CN' | 'en';
type Settings = Pick<CompetitionSettings, 'fund' | 'tracks' | 'eligibility' | 'budgetRules' | 'rounds' | 'bonus' | 'noticeDays'>;

/** A part of the rules of a call, a sentence a rule. */
export type RuleBlock = { key: keyof Settings; title: string; lines: string[] };

const trackLines = (tracks: Settings['tracks'], language: Language): string[] =>
	tracks.flatMap(({ label, floor, cap, questions }) => [
		`${label}${m.setup_colon()}${m.comp_track_range({ floor: formatMoney(floor, language), cap: formatMoney(cap, language) })}`,
		...questions.map(({ label: question, type, required }, at) => `${label} ${at + 1}. ${question} · ${questionTypeWord(type)}${required ? '' : ` · ${m.common_optional()}`}`)
	]);

const roundLines = (rounds: Settings['rounds']): string[] =>
	rounds.flatMap(({ label, kind, weight, reviews, rule, rubric, groups }) => [
		`${label}${m.setup_colon()}${roundLine({ label, kind, weight, reviews, rule })}`,
		`${label} · ${rubric.map((criterion) => `${criterion.label} ${criterion.points}`).join(m.prop_list_comma())}`,
		...(groups.length > 0 ? [`${label} · ${groups.map((group) => `${group.label} ${group.weight}`).join(' : ')}`] : [])
	]);

/** The rules of a call in sentences, for reading them over and for showing what an amendment changed. */
export const ruleBlocks = (settings: Settings, language: Language, places: readonly string[]): RuleBlock[] => [
	{ key: 'fund', title: m.comp_fund(), lines: [formatMoney(settings.fund, language)] },
	{ key: 'tracks', title: m.comp_set_tracks(), lines: trackLines(settings.tracks, language) },
	{ key: 'eligibility', title: m.comp_who(), lines: eligibilityLines(settings.eligibility, places) },
	{
		key: 'budgetRules',
		title: m.comp_budget_rules(),
		lines: [
			...settings.budgetRules.categories.map(({ label, capPercent }) => (capPercent === null ? label : `${label}${m.setup_colon()}${m.comp_cap_percent({ percent: capPercent })}`)),
			...budgetLines(settings.budgetRules, language)
		]
	},
	{ key: 'rounds', title: m.comp_how_judged(), lines: roundLines(settings.rounds) },
	...(settings.bonus
		? [{ key: 'bonus' as const, title: m.bonus_title(), lines: settings.bonus.reasons.map(({ label, points }) => `${label}${m.setup_colon()}${m.comp_points({ n: points })}`) }]
		: []),
	{ key: 'noticeDays', title: m.comp_notice_days_label(), lines: [m.comp_notice_days({ n: settings.noticeDays })] }
];
