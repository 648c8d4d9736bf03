import { moreReviewsSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { askForMore, readCertainty, scoreText } from '#lib/server/modules/judging/index.ts';
import { scorerName } from '#lib/ui/features/judging/scorer-name.ts';
import type { Actions, PageServerLoad } from './$types';

/** Rows of one page of the chart. */
const pageSize = 50;

/** Two decimals are all anybody reads, and keep the page small. */
const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 100) / 100);

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const [{ title, state, rounds: stages }, view] = await Promise.all([
		forPage(readCompetition(actor, id)),
		forPage(readCertainty(actor, id))
	]);
	const { calibration, band, places, rules, influence, outlook } = view.certainty;
	const official = new Map(view.rows.map((row) => [row.proposal, row]));
	const undecided = new Set(band);
	const show = event.url.searchParams.get('show') === 'band' && band.length > 0 ? 'band' : 'all';
	const listed = show === 'band' ? calibration.proposals.filter(({ proposal }) => undecided.has(proposal)) : calibration.proposals;
	const page = Math.max(1, Math.floor(Number(event.url.searchParams.get('page')) || 1));
	const name = (proposal: string) => {
		const row = official.get(proposal);
		return { proposal, number: row?.number ?? '', title: row?.title ?? '', organization: row?.organizationName ?? '' };
	};
	const sorted = calibration.proposals.map(({ score }) => score);
	const [above, below] = [sorted[places - 1], sorted[places]];
	const ends = calibration.proposals.flatMap(({ low, high, score }) => [low ?? score, high ?? score]);
	const judgeNames = new Map(view.judges.map((judge) => [judge.id, judge.name]));
	return {
		competition: { id, title, state },
		round: view.rounds > 1 ? view.round : '',
		rule: stages.find(({ label }) => label === view.round)?.rule ?? 'mean',
		notes: calibration.notes,
		band: band.map(name),
		places,
		proposals: calibration.n.proposals,
		figures: {
			reliability: calibration.reliability,
			icc: calibration.icc,
			spread: [calibration.variance.proposal, calibration.variance.judge, calibration.variance.residual].map((variance) =>
				variance === null ? null : Math.sqrt(variance)
			)
		},
		scale: [Math.floor(Math.min(...ends, 100)), Math.ceil(Math.max(...ends, 0))] as const,
		line: above !== undefined && below !== undefined ? (above + below) / 2 : null,
		show,
		page,
		pages: Math.max(1, Math.ceil(listed.length / pageSize)),
		rows: listed.slice((page - 1) * pageSize, page * pageSize).map((one) => ({
			...name(one.proposal),
			rank: one.rank,
			official: official.get(one.proposal)?.rank ?? null,
			officialText: scoreText(official.get(one.proposal)?.score ?? null),
			score: rounded(one.score) ?? 0,
			low: rounded(one.low),
			high: rounded(one.high),
			rankLow: one.rankLow,
			rankHigh: one.rankHigh,
			within: one.within,
			undecided: undecided.has(one.proposal),
			totals: (official.get(one.proposal)?.cards ?? []).map(({ total }) => total / 100)
		})),
		rules: rules.map(({ rule }) => rule),
		contested: view.rows
			.filter(({ proposal }) => rules.some(({ enters, leaves }) => enters.includes(proposal) || leaves.includes(proposal)))
			.map((row) => ({ ...name(row.proposal), rank: row.rank, wins: rules.map(({ winners }) => winners.includes(row.proposal)) })),
		judges: calibration.judges
			.map(({ judge, n, leniency, se }) => ({ id: judge, name: scorerName(judgeNames, judge), n, leniency: rounded(leniency), se: rounded(se) }))
			.sort((a, b) => (b.leniency ?? 0) - (a.leniency ?? 0)),
		influence: influence.map(({ judge, enters, leaves }) => ({ id: judge, name: scorerName(judgeNames, judge), enters: enters.map(name), leaves: leaves.map(name) })),
		outlook,
		mayAsk: view.mayAsk,
		reopens: view.reopens
	};
};

export const actions = {
	more: formAction(moreReviewsSchema, async (input, { event, actor }) => ({
		asked: true as const,
		...(await askForMore(actor, event.params.id ?? '', input))
	}))
} satisfies Actions;
