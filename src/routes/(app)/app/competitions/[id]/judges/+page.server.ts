import { z } from 'zod';
import { conflictPairSchema, declaredConflictSchema, judgeEditSchema, judgeIdSchema, newJudgeSchema, recusalAnswerSchema } from '#lib/domain/judging/schema.ts';
import { idSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { invitationLink } from '#lib/server/http/invitation-link.ts';
import { mayTransition, readCompetition } from '#lib/server/modules/competitions/index.ts';
import {
	addJudge,
	answerRecusal,
	declareConflict,
	detectedConflicts,
	editJudge,
	inviteJudgeAgain,
	liftConflict,
	listJudges,
	listRecusalRequests,
	removeJudge,
	separatePair
} from '#lib/server/modules/judging/index.ts';
import { passedProposals } from '#lib/server/modules/proposals/index.ts';
import { invalidField } from '#lib/server/platform/errors.ts';
import { readJudgeLines } from './judge-lines.ts';
import { shownOf } from './shown.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const competition = await forPage(readCompetition(actor, id));
	const [judges, conflicts, proposals] = await Promise.all([
		forPage(listJudges(actor, id)),
		forPage(detectedConflicts(actor, id)),
		passedProposals(id)
	]);
	const manages = mayTransition(actor, competition, 'judging');
	return {
		competition: { id, title: competition.title, state: competition.state },
		requests: manages ? await forPage(listRecusalRequests(actor, id)) : [],
		...shownOf(event.url.searchParams, judges, conflicts),
		everybody: manages ? judges.map(({ id: value, name }) => ({ value, label: name })) : [],
		groups: [
			...new Map(
				competition.rounds.flatMap(({ groups }) => groups.flatMap(({ key, label, by }) => (by === 'judges' ? [[key, label] as const] : [])))
			)
		].map(([value, label]) => ({ value, label })),
		proposals: proposals.map((proposal) => ({ value: proposal.id, label: `${proposal.number} ${proposal.title}` })),
		editable: manages && ['draft', 'announced', 'open', 'screening', 'judging'].includes(competition.state)
	};
};

/** Fields of expertise are typed in one line, with any of the usual separators. */
const fields = (text: unknown): string[] =>
	typeof text === 'string' ? text.split(/[,，、;；\s]+/).filter((field) => field !== '') : [];

export const actions = {
	add: formAction(
		newJudgeSchema,
		async (input, { event, actor }) => {
			const { invitation } = await addJudge(actor, event.params.id ?? '', input);
			return { added: input.name || input.login, invitation: invitation && { ...invitationLink(event, invitation.secret), until: invitation.expiresAt } };
		},
		({ cap, expertise, ...values }) => ({ ...values, expertise: fields(expertise), cap: cap === '' ? null : cap })
	),
	many: formAction(z.object({ lines: z.string().max(20_000).default(''), group: z.string().max(40).optional() }), async ({ lines, group }, { event, actor }) => {
		const judges = readJudgeLines(lines, group);
		const known = new Set((await listJudges(actor, event.params.id ?? '')).map(({ name }) => name));
		const again = judges.find(({ name }) => known.has(name));
		if (again) throw invalidField('lines', 'judge_line_known', { name: again.name });
		const made = [];
		// One after the other: each appointment is checked and recorded by itself.
		for (const judge of judges) {
			const { invitation } = await addJudge(actor, event.params.id ?? '', judge);
			if (invitation) made.push({ name: judge.name, ...invitationLink(event, invitation.secret) });
		}
		return { made };
	}),
	edit: formAction(
		judgeEditSchema,
		async (input, { event, actor }) => {
			await editJudge(actor, input);
			return event.url.pathname;
		},
		({ cap, ...values }) => ({ ...values, cap: cap === '' ? null : cap })
	),
	answer: formAction(recusalAnswerSchema, async (input, { event, actor }) => ({
		answered: true,
		...(await answerRecusal(actor, event.params.id ?? '', input))
	})),
	invite: formAction(judgeIdSchema.extend({ name: z.string().max(40).default('') }), async ({ judge, name }, { event, actor }) => {
		const invitation = await inviteJudgeAgain(actor, judge);
		return { added: name, invitation: { ...invitationLink(event, invitation.secret), until: invitation.expiresAt } };
	}),
	remove: formAction(judgeIdSchema, async ({ judge }, { event, actor }) => {
		await removeJudge(actor, judge);
		return event.url.pathname;
	}),
	conflict: formAction(declaredConflictSchema, async (input, { event, actor }) => {
		await declareConflict(actor, input);
		return event.url.pathname;
	}),
	separate: formAction(conflictPairSchema, async (input, { event, actor }) => ({ separated: true, ...(await separatePair(actor, event.params.id ?? '', input)) })),
	lift: formAction(judgeIdSchema.extend({ proposal: idSchema }), async ({ judge, proposal }, { event, actor }) => {
		await liftConflict(actor, judge, proposal);
		return event.url.pathname;
	})
} satisfies Actions;
