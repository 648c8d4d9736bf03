import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { chainOf, personOf, surveyFor } from '../access.ts';
import { Response } from '../model.ts';
import { countAgain, markChange } from '../recount.ts';
import { surveyRights } from '../view.ts';

/**
 * Leaves an answer out of every count (a duplicate, a joke, a respondent's wish), with the reason, or takes it in
 * again. The answer itself stays readable. Doing so twice changes nothing.
 */
export const leaveOut = async (
	actor: Actor,
	surveyId: string,
	responseId: string,
	{ leftOut, reason }: { leftOut: boolean; reason: string }
): Promise<void> => {
	const { survey } = await surveyFor(actor, surveyId, 'survey.manage');
	await markChange(survey.organization);
	const { matchedCount, modifiedCount } = await Response.updateOne(
		{ _id: toId(responseId), survey: surveyId, ...(leftOut ? { leftOut: null } : { leftOut: { $ne: null } }) },
		{ $set: { leftOut: leftOut ? { by: personOf(actor), at: now(), reason } : null } }
	);
	await countAgain(survey.organization);
	if (matchedCount === 0 && !(await Response.exists({ _id: toId(responseId), survey: surveyId }))) throw notFound();
	if (modifiedCount === 0) return;
	await recordAct({
		chain: chainOf(survey),
		actor,
		action: leftOut ? 'response_left_out' : 'response_taken_in',
		subject: responseId,
		detail: { survey: surveyId, reason }
	});
};

/** Somebody looked at the flags: the answer is a person of its own. */
export const clearFlags = async (actor: Actor, surveyId: string, responseId: string): Promise<void> => {
	const { survey } = await surveyFor(actor, surveyId, 'survey.manage');
	const { matchedCount } = await Response.updateOne({ _id: toId(responseId), survey: surveyId }, { $set: { cleared: personOf(actor) } });
	if (matchedCount === 0) throw notFound();
	await recordAct({ chain: chainOf(survey), actor, action: 'response_cleared', subject: responseId, detail: { survey: surveyId } });
};

/** Deletes name and number for good, as respondents may ask at any time; the answers stay. */
export const eraseContact = async (actor: Actor, surveyId: string, responseId: string): Promise<void> => {
	const { survey, resource } = await surveyFor(actor, surveyId, 'survey.manage');
	if (!surveyRights(actor, resource).contacts) throw forbidden();
	const { matchedCount } = await Response.updateOne(
		{ _id: toId(responseId), survey: surveyId },
		{ $set: { contact: null, contactConsentAt: null } }
	);
	if (matchedCount === 0) throw notFound();
	await recordAct({ chain: chainOf(survey), actor, action: 'contact_erased', subject: responseId, detail: { survey: surveyId } });
};
