import { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import { transitionSchema } from '#lib/domain/competitions/schema.ts';
import { periodSchema } from '#lib/domain/objections/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { fieldErrors } from '#lib/server/http/messages.ts';
import {
	competitionById,
	mayTransition,
	resourceOf,
	transitionBlockers,
	transitionCompetition,
	type Blocker
} from '#lib/server/modules/competitions/index.ts';
import { listObjections, noticePreview, publishNotice, recomputeNoticeEnd, scoreText } from '#lib/server/modules/judging/index.ts';
import type { Actions, PageServerLoad } from './$types';

/** Rows of the preview; the whole is in the file. */
const most = 200;

const wordsOf = (blockers: readonly Blocker[]) =>
	blockers.map(({ code, params, href }) => ({ code, message: fieldErrors([{ path: 'to', code, params }]).to ?? code, href }));

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const { rows, total, digest, until, published } = await forPage(noticePreview(actor, id));
	const competition = await competitionById(id);
	const deliberating = competition.state === 'deliberation';
	const blockers = deliberating ? await forPage(transitionBlockers(actor, id, 'notice')) : [];
	return {
		competition: { id, title: competition.title, slug: competition.slug, state: competition.state, noticeDays: competition.noticeDays, fund: competition.fund },
		rows: rows.slice(0, most).map((row) => ({ ...row, scoreText: scoreText(row.score) })),
		count: rows.length,
		total,
		digest,
		until,
		published: published.map(({ n, publishedAt, noticeUntil, digest: sum, publishedByName }) => ({ n, publishedAt, noticeUntil, digest: sum, publishedByName })),
		blockers: wordsOf(blockers),
		mayPublish: deliberating && mayTransition(actor, competition, 'notice'),
		objections: await forPage(listObjections(actor, id)),
		mayRecompute: competition.state === 'notice' && can(actor, 'notice.recompute', resourceOf(competition)),
		finalBlockers: competition.state === 'notice' ? wordsOf(await forPage(transitionBlockers(actor, id, 'decided'))) : [],
		mayDecide: competition.state === 'notice' && mayTransition(actor, competition, 'decided')
	};
};

export const actions = {
	publish: formAction(z.object({}), async (_input, { event, actor }) => {
		await publishNotice(actor, event.params.id ?? '');
		return event.url.pathname;
	}),
	/** Counts the working days again, after the calendar was changed. */
	recompute: formAction(periodSchema, async ({ reason }, { event, actor }) => {
		await recomputeNoticeEnd(actor, event.params.id ?? '', reason);
		return event.url.pathname;
	}),
	/** Ends the notice: the result is final. */
	decided: formAction(transitionSchema.pick({ reason: true }), async ({ reason }, { event, actor }) => {
		await transitionCompetition(actor, event.params.id ?? '', { to: 'decided', reason });
		return event.url.pathname;
	})
} satisfies Actions;
