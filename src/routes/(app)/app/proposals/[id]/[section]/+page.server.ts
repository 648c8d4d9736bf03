import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { sectionOf, sections, type Section } from '#lib/domain/proposals/completeness.ts';
import { budgetTotal, sensibleRequest } from '#lib/domain/proposals/total.ts';
import type { BudgetLine } from '#lib/domain/proposals/types.ts';
import { actionOf, answersOf, draftFormSchema, prepareDraft, sealsOfForm } from '#lib/server/http/draft-form.ts';
import { statusOf } from '#lib/server/http/error-status.ts';
import { readForm, readFormData, type FormValue } from '#lib/server/http/form-data.ts';
import { failForm } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { issuesOf, wordsFor } from '#lib/server/http/messages.ts';
import { fileOf, uploadForm } from '#lib/server/http/upload.ts';
import { attachFile, changedFields, checkProposal, fillable, fillDraft, readProposal, removeAttachment, saveDraft, type DraftConflict } from '#lib/server/modules/proposals/index.ts';
import { AppError, invalid } from '#lib/server/platform/errors.ts';
import { originWord } from '#lib/ui/features/proposals/words.ts';
import type { Actions, PageServerLoad } from './$types';

const isSection = (text: string): text is Section => (sections as readonly string[]).includes(text);

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id, section } = event.params;
	if (!isSection(section)) error(404, wordsFor('not_found'));
	const { proposal, competition, rights, seals, told, tooLate } = await forPage(readProposal(actor, id));
	if (!rights.edit) redirect(303, `/app/proposals/${id}`);
	const [{ findings, total }, mayFill] = await Promise.all([forPage(checkProposal(actor, id)), section === 'plan' ? forPage(fillable(actor, id)) : []]);
	const returned = proposal.status === 'returned' ? proposal.screening.at(-1) : undefined;
	return {
		section,
		proposal,
		seals,
		amended: told.amendments.length,
		mayFill: mayFill.length,
		converted: proposal.attachments.find(({ id: file }) => file === event.url.searchParams.get('converted'))?.name ?? '',
		sources: Object.fromEntries(Object.entries(proposal.origins).map(([key, origin]) => [key, originWord(origin)])),
		returned: returned ? { reason: returned.reason, points: returned.points ?? [], correctBy: proposal.correctBy } : null,
		total,
		title: competition.title,
		closesAt: competition.timeline.closesAt,
		tooLate,
		contact: competition.contact,
		tracks: competition.tracks,
		categories: competition.budgetRules.categories,
		findings: findings.map(({ path, code, severity, params, kind }) => ({ path, code, severity, kind, params, section: sectionOf(path), message: wordsFor(code, params) }))
	};
};

const requestFor = async (event: RequestEvent<{ id: string; section: string }>, budget: readonly BudgetLine[], selfRaised: number): Promise<number> => {
	const { proposal, competition } = await readProposal(event.locals.actor, event.params.id);
	return sensibleRequest(budgetTotal(budget), selfRaised, competition.tracks.find(({ key }) => key === proposal.track)?.cap ?? null);
};

const save = async (event: RequestEvent<{ id: string; section: string }>) => {
	let values: Record<string, FormValue> = {};
	const { id, section } = event.params;
	try {
		values = readFormData(await readForm(event.request));
		if ('answers' in values || 'table' in values) values = { ...values, answers: answersOf(values) };
		const parsed = draftFormSchema.safeParse(prepareDraft(values));
		if (!parsed.success) throw invalid(issuesOf(parsed.error));
		const { budget, requested, selfRaised = 0 } = parsed.data;
		// The amount left open, or asked to be worked out, is what the budget needs.
		if (budget && (!requested || actionOf(values).kind === 'request')) parsed.data.requested = await requestFor(event, budget, selfRaised);
		const seals = sealsOfForm(values);
		try {
			await saveDraft(event.locals.actor, id, parsed.data, seals);
		} catch (refusal) {
			if (!(refusal instanceof AppError) || refusal.code !== 'stale') throw refusal;
			const { conflicts, version } = refusal.current as DraftConflict;
			const { version: _base, ...edit } = parsed.data;
			const mine = changedFields(edit, seals);
			return fail(statusOf.conflict, { values, errors: {}, message: wordsFor('stale'), code: 'stale', conflicts, version, mine });
		}
	} catch (refusal) {
		return failForm(refusal, values);
	}
	const action = actionOf(values);
	if (action.kind === 'fill') {
		await forPage(fillDraft(event.locals.actor, id));
		redirect(303, `/app/proposals/${id}/plan?filled=1`);
	}
	if (action.kind === 'add') redirect(303, `/app/proposals/${id}/budget?line=last`);
	const next = sections[sections.findIndex((candidate) => candidate === section) + 1];
	if (action.kind === 'next') redirect(303, `/app/proposals/${id}${next ? `/${next}` : '/check'}`);
	redirect(303, `/app/proposals/${id}/${section}${action.kind === 'save' || action.kind === 'request' ? '?saved=1' : ''}`);
};

const endingOf = (name: string): string => (/\.(\w+)$/.exec(name)?.[1] ?? '').toLowerCase().replace('jpeg', 'jpg');

const changeFiles = (change: (event: RequestEvent<{ id: string }>, form: FormData) => Promise<unknown>) => async (event: RequestEvent<{ id: string; section: string }>) => {
	let to = '';
	try {
		const answer = await change(event, await uploadForm(event.request));
		if (typeof answer === 'string') to = answer;
	} catch (refusal) {
		const failure = failForm(refusal, {});
		const { message, errors } = failure.data;
		// A refused file is said at its field.
		return fail(failure.status, { ...failure.data, errors: Object.keys(errors).length > 0 ? errors : { file: message } });
	}
	redirect(303, `/app/proposals/${event.params.id}/attachments${to}`);
};

export const actions = {
	save,
	attach: changeFiles(async (event, form) => {
		const file = await fileOf(form, 'file');
		const stored = await attachFile(event.locals.actor, event.params.id, file);
		// A picture is encoded anew and may come out as another kind: that is told, not left to be found.
		return endingOf(stored.name) === endingOf(file.name) ? '' : `?converted=${stored.id}`;
	}),
	detach: changeFiles((event, form) => removeAttachment(event.locals.actor, event.params.id, String(form.get('file') ?? '')))
} satisfies Actions;
