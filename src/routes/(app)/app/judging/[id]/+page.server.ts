import { z } from 'zod';
import { lineAmount } from '#lib/domain/competitions/budget.ts';
import { recusalSchema, scorecardSaveSchema } from '#lib/domain/judging/schema.ts';
import { scoreScorecard } from '#lib/domain/judging/scoring.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { scorecardFields } from '#lib/server/http/scorecard-form.ts';
import { pitchToFollow, readScorecard, recuse, saveScorecard } from '#lib/server/modules/judging/index.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { now } from '#lib/server/platform/clock.ts';
import { shownAnswer } from '#lib/ui/features/judging/shown-answer.ts';
import type { Actions, PageServerLoad } from './$types';

/** What is special about a card; in words here, so that the page that scores stays light. */
const aboutCard = (trial: boolean, blind: boolean, spread: boolean): { title?: string; text: string; link?: string } | null => {
	if (trial) return { title: m.trial_tag(), text: m.trial_lead(), ...(spread ? { link: m.trial_queue_done() } : {}) };
	return blind ? { text: m.blind_about() } : null;
};

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { card, rubric, proposal, questions, categories, competition, round, editable, pitch, refusal, blind, trial, spread } = await forPage(
		readScorecard(actor, event.params.id)
	);
	const early = !trial && ['draft', 'announced', 'open', 'screening'].includes(competition.state);
	const live = pitch && competition.state === 'judging' ? await forPage(pitchToFollow(actor, competition.id)) : null;
	return {
		pitch: live && { competition: competition.id, first: live.now, now: now().toISOString() },
		refusal: refusal && wordsFor(refusal),
		card,
		rubric,
		competition,
		round: round?.label ?? null,
		editable,
		closed: !trial && competition.state !== 'judging',
		recusable: !trial && competition.state === 'judging' && card.status !== 'recused',
		early,
		note: card.status === 'assigned' || card.status === 'draft' ? (early ? m.score_not_open_yet() : m.score_round_over()) : null,
		about: aboutCard(trial, blind, spread !== null),
		submitted:
			card.status === 'submitted' && event.url.searchParams.has('done')
				? { title: m.score_submitted_title(), text: m.score_submitted_text({ total: card.total ?? 0 }), next: m.score_next() }
				: null,
		proposal: {
			number: proposal.number,
			title: proposal.title,
			organizationName: proposal.organizationName,
			requested: proposal.requested,
			selfRaised: proposal.selfRaised,
			answers: trial
				? [{ key: 'sample', label: m.trial_sample(), text: proposal.answers.sample ?? '' }]
				: questions.map((question) => shownAnswer(question, proposal.answers[question.key] ?? '')),
			budget: proposal.budget.map((line) => ({
				...line,
				category: categories[line.category] ?? line.category,
				amount: lineAmount(line) ?? 0
			})),
			attachments: proposal.attachments.map(({ id, name, bytes }) => ({
				href: `/app/judging/${card.id}/files/${id}`,
				name,
				size: bytes
			}))
		}
	};
};

const formSchema = scorecardSaveSchema.omit({ client: true, seq: true, status: true });

export const actions = {
	save: formAction(
		formSchema,
		async (input, { event, actor }) => {
			const { version } = await saveScorecard(actor, event.params.id ?? '', { ...input, status: 'draft', client: '', seq: 0 });
			return { saved: true, version };
		},
		scorecardFields
	),
	/** Saves first, so that nothing is lost, then asks once more; submits when the judge has confirmed. */
	submit: formAction(
		formSchema.extend({ confirmed: z.literal('yes').optional() }),
		async ({ confirmed, ...input }, { event, actor }) => {
			const id = event.params.id ?? '';
			if (confirmed) {
				await saveScorecard(actor, id, { ...input, status: 'submitted', client: '', seq: 0 });
				return `/app/judging/${id}?done=1`;
			}
			const { version } = await saveScorecard(actor, id, { ...input, status: 'draft', client: '', seq: 0 });
			const { rubric } = await readScorecard(actor, id);
			if (scoreScorecard(rubric.criteria, input).complete) return { confirm: true, version };
			// What is missing is said field by field by the command itself.
			await saveScorecard(actor, id, { ...input, status: 'submitted', version, client: '', seq: 0 });
			return { saved: true, version };
		},
		(values) => ({ ...(scorecardFields(values) as object), confirmed: values.confirmed })
	),
	recuse: formAction(recusalSchema, async ({ reason }, { event, actor }) => {
		await recuse(actor, event.params.id ?? '', reason);
		return `/app/judging/${event.params.id ?? ''}`;
	})
} satisfies Actions;
