import { assignmentSchema, judgePairSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { mayTransition, readCompetition } from '#lib/server/modules/competitions/index.ts';
import { assign, assignOne, readAssignment, unassignOne } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

/** Proposals on one page of the table. */
const pageSize = 50;

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const competition = await forPage(readCompetition(actor, id));
	const { pairs, conflicts, proposals, ...view } = await forPage(
		readAssignment(actor, id, event.url.searchParams.get('round') ?? undefined)
	);
	const wanted = event.url.searchParams.get('show') === 'short' ? proposals.filter(({ n }) => n < view.round.reviews) : proposals;
	const page = Math.max(1, Number(event.url.searchParams.get('page')) || 1);
	const names = new Map(view.judges.map((judge) => [judge.id, judge.name]));
	const full = new Set(view.judges.filter((judge) => judge.cap !== null && judge.n >= judge.cap).map((judge) => judge.id));
	return {
		...view,
		competition: { id, title: competition.title, state: competition.state },
		editable: mayTransition(actor, competition, 'judging') && ['screening', 'judging'].includes(competition.state),
		page,
		pages: Math.max(1, Math.ceil(wanted.length / pageSize)),
		count: proposals.length,
		short: proposals.filter(({ n }) => n < view.round.reviews).length,
		rows: wanted.slice((page - 1) * pageSize, page * pageSize).map((proposal) => {
			const own = pairs.filter((pair) => pair.proposal === proposal.id);
			const barred = new Set(conflicts.filter((found) => found.proposal === proposal.id).map((found) => found.judge));
			const taken = new Set(own.map((pair) => pair.judge));
			return {
				...proposal,
				judges: own.map(({ judge, status }) => ({ judge, name: names.get(judge) ?? '', status, barred: barred.has(judge) })),
				free: view.judges
					.filter((judge) => !taken.has(judge.id) && !barred.has(judge.id) && !full.has(judge.id))
					.map((judge) => ({ value: judge.id, label: `${judge.name}（${judge.n}）` }))
			};
		}),
		unfilled: (view.last?.unfilled ?? []).map((line) => ({
			...line,
			number: proposals.find((proposal) => proposal.id === line.proposal)?.number ?? ''
		}))
	};
};

export const actions = {
	run: formAction(
		assignmentSchema,
		async (input, { event, actor }) => {
			const { added, removed, unfilled, suggestion, seed } = await assign(actor, event.params.id ?? '', input);
			return { ran: true, added, removed, seed, unfilled: unfilled.length, suggestion };
		},
		({ redeal, round, ...values }) => ({ ...values, ...(round ? { round } : {}), redeal: redeal === 'on' })
	),
	add: formAction(judgePairSchema, async (input, { event, actor }) => {
		await assignOne(actor, input);
		return event.url.pathname + event.url.search.replace(/^\?\/add&?/, '?');
	}),
	remove: formAction(judgePairSchema, async (input, { event, actor }) => {
		await unassignOne(actor, input);
		return event.url.pathname + event.url.search.replace(/^\?\/remove&?/, '?');
	})
} satisfies Actions;
