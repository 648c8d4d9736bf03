import { m } from '#lib/i18n/generated/messages.js';
import { scorerName } from '#lib/ui/features/judging/scorer-name.ts';
import type { CertaintyView } from '#lib/server/modules/judging/index.ts';
import type { Sheet } from '#lib/server/platform/xlsx.ts';
import { noteWords, ruleWords } from '../words.ts';

const points = (hundredths: number | null): number | null => (hundredths === null ? null : hundredths / 100);
const column = (title: string, format?: string) => ({ title, format });

/** The sheets: official ranking with every total, calibrated scores with intervals, winners by rule, judges, figures. */
export const justification = (title: string, view: CertaintyView): Sheet[] => {
	const { calibration, band, rules, influence, outlook } = view.certainty;
	const rowOf = new Map(view.rows.map((row) => [row.proposal, row]));
	const undecided = new Set(band);
	const judgeNames = new Map(view.judges.map((judge) => [judge.id, judge.name]));
	const titleOf = (proposal: string): string => rowOf.get(proposal)?.title ?? '';
	return [
		{
			name: m.judge_tab_ranking(),
			notes: [title],
			columns: [
				...[m.rank_rank(), m.rank_number(), m.rank_proposal(), m.rank_organization()].map((label) => column(label)),
				column(m.rank_score(), '0.00'),
				column(m.rank_n()),
				column(m.rank_requested_yuan(), '#,##0.00'),
				...view.judges.map(({ name }) => column(name))
			],
			rows: view.rows.map((row) => [
				...[row.rank, row.number, row.title, row.organizationName],
				...[points(row.score), row.cards.length, row.requested / 100],
				...view.judges.map((_judge, at) => points(row.cards.find((card) => card.judge === at)?.total ?? null))
			])
		},
		{
			name: m.sure_list_title(),
			notes: [...calibration.notes.map(noteWords), m.sure_method_text({ draws: 2000 })],
			columns: [
				...[m.sure_rank(), m.rank_number(), m.rank_proposal()].map((label) => column(label)),
				...[m.sure_score(), '2.5%', '97.5%'].map((label) => column(label, '0.00')),
				...['min', 'max'].map((end) => column(`${m.sure_rank_interval()} ${end}`)),
				column(m.sure_within(), '0.0%'),
				...[m.sure_official(), m.sure_band_mark()].map((label) => column(label))
			],
			rows: calibration.proposals.map((one) => [
				...[one.rank, rowOf.get(one.proposal)?.number ?? '', titleOf(one.proposal), one.score, one.low, one.high],
				...[one.rankLow, one.rankHigh, one.within, rowOf.get(one.proposal)?.rank ?? null, undecided.has(one.proposal) ? '≈' : '']
			])
		},
		{
			name: m.sure_rules_title(),
			columns: [m.rank_number(), m.rank_proposal(), ...rules.map(({ rule }) => ruleWords(rule))].map((label) => column(label)),
			rows: view.rows.map((row) => [
				row.number,
				row.title,
				...rules.map(({ winners }) => (winners.includes(row.proposal) ? m.sure_rules_in() : m.sure_rules_out()))
			])
		},
		{
			name: m.sure_judges_title(),
			columns: [column(m.sure_judge()), column(m.sure_judge_n()), column(m.sure_leniency(), '0.00'), column('±', '0.00'), column(m.sure_influence_title())],
			rows: calibration.judges.map(({ judge, n, leniency, se }) => {
				const turned = influence.find((one) => one.judge === judge);
				const words = turned
					? [
							...(turned.enters.length > 0 ? [m.sure_influence_enters() + turned.enters.map(titleOf).join(m.common_comma())] : []),
							...(turned.leaves.length > 0 ? [m.sure_influence_leaves() + turned.leaves.map(titleOf).join(m.common_comma())] : [])
						].join(' ')
					: '';
				return [scorerName(judgeNames, judge), n, leniency, se === null ? null : 1.96 * se, words];
			})
		},
		{
			name: m.sure_reliability(),
			columns: [column(m.sure_figures_title()), column('', '0.000')],
			rows: [
				[m.sure_reliability(), calibration.reliability],
				[m.sure_icc(), calibration.icc],
				[m.sure_spread_proposal(), calibration.variance.proposal === null ? null : Math.sqrt(calibration.variance.proposal)],
				[m.sure_spread_judge(), calibration.variance.judge === null ? null : Math.sqrt(calibration.variance.judge)],
				[m.sure_spread_residual(), calibration.variance.residual === null ? null : Math.sqrt(calibration.variance.residual)],
				...outlook.map(({ more, band: left }) => [`${m.sure_outlook_more()} ${more}: ${m.sure_outlook_left()}`, left])
			]
		}
	];
};
