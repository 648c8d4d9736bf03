import { z } from 'zod';
import { assignmentSchema, judgePairSchema } from '#lib/domain/judging/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { mayTransition, readCompetition } from '#lib/server/modules/competitions/index.ts';
import { assign, assignOne, readAssignment, unassignOne } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

/** Judges a table has room for. */
const widest = 40;

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
	const asked = event.url.searchParams.get('view') ?? '';
	const shown = wanted.slice((page - 1) * pageSize, page * pageSize);
	return {
		...view,
		view: asked,
		show: event.url.searchParams.get('show') ?? '',
		tooWide: asked === 'grid' && view.judges.length > widest,
		grid: asked === 'grid' && view.judges.length <= widest ? shown.map((proposal) => gridRow(proposal, view.judges, pairs, conflicts)) : null,
		conflictOf: Object.fromEntries(conflicts.filter((found) => shown.some(({ id: one }) => one === found.proposal)).map((found) => [found.proposal + found.judge, found.kinds])),
		competition: { id, title: competition.title, state: competition.state },
		editable: mayTransition(actor, competition, 'judging') && ['screening', 'judging'].includes(competition.state),
		page,
		pages: Math.max(1, Math.ceil(wanted.length / pageSize)),
		count: proposals.length,
		assigned: pairs.length,
		over: proposals.filter(({ n }) => n > view.round.reviews).length,
		short: proposals.filter(({ n }) => n < view.round.reviews).length,
		rows: shown.map((proposal) => {
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

type View = Awaited<ReturnType<typeof readAssignment>>;

const gridRow = ({ id, number, title, n }: View['proposals'][number], judges: View['judges'], pairs: View['pairs'], conflicts: View['conflicts']) => {
	const own = new Map(pairs.filter(({ proposal }) => proposal === id).map(({ judge, status }) => [judge, status]));
	const barred = new Set(conflicts.filter(({ proposal }) => proposal === id).map(({ judge }) => judge));
	return { id, number, title, n, cells: judges.map(({ id: judge }) => ({ judge, state: own.get(judge) ?? (barred.has(judge) ? ('barred' as const) : ('free' as const)) })) };
};

/** A cell of the table, tapped: the proposal and the judge. */
const pairSchema = z.object({
	pair: z.string().regex(/^[0-9a-f]{24} [0-9a-f]{24}$/, { error: 'id' }),
	round: judgePairSchema.shape.round
});

export const actions = {
	/** Gives the proposal to the judge, or takes it back: by the same checks as everywhere. */
	toggle: formAction(pairSchema, async ({ pair, round }, { event, actor }) => {
		const [proposal = '', judge = ''] = pair.split(' ');
		const { pairs } = await readAssignment(actor, event.params.id ?? '', round);
		const held = pairs.some((one) => one.proposal === proposal && one.judge === judge);
		const input = { proposal, judge, ...(round ? { round } : {}) };
		if (held) await unassignOne(actor, input);
		else await assignOne(actor, input);
		return `${event.url.pathname + event.url.search.replace(/^\?\/toggle&?/, '?')}#pairs`;
	}),
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
