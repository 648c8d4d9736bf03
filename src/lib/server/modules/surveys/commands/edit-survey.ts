import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { moved, mostForms, revise } from '#lib/domain/surveys/revise.ts';
import { questionKinds } from '#lib/domain/surveys/question-types.ts';
import type { QuestionInput, SurveyPatch } from '#lib/domain/surveys/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { chainOf, surveyFor, type OpenedSurvey } from '../access.ts';
import { Survey, type SurveyDocument } from '../model.ts';
import { countAgain, markChange } from '../recount.ts';
import { stateNow } from '../state.ts';
import { surveyView, type SurveyView } from '../view.ts';

/** The one way a survey changes: only from the version the actor saw. */
const change = async (actor: Actor, { survey }: OpenedSurvey, version: number, set: Partial<SurveyDocument>, action: string): Promise<SurveyDocument> => {
	await markChange(survey.organization);
	const changed = await Survey.findOneAndUpdate(
		{ _id: survey._id, version, deletedAt: null },
		{ $set: set, $inc: { version: 1 } },
		{ returnDocument: 'after' }
	).lean();
	if (!changed) {
		await countAgain(survey.organization);
		const present = await Survey.findOne({ _id: survey._id, deletedAt: null }).lean();
		if (!present) throw notFound();
		throw stale(await surveyView(present));
	}
	await countAgain(survey.organization);
	await recordAct({
		chain: chainOf(survey),
		actor,
		action,
		subject: survey._id.toHexString(),
		detail: { fields: Object.keys(set), ...(set.state ? { state: set.state } : {}) }
	});
	return changed;
};

/** A survey that can be answered has questions, and at most one asks for a name and number. */
const checkQuestions = (questions: readonly { type: QuestionInput['type'] }[], out: boolean): void => {
	if (out && questions.every(({ type }) => questionKinds[type].personal)) throw conflict('survey_without_questions');
	if (questions.filter(({ type }) => questionKinds[type].personal).length > 1) throw invalidField('type', 'one_contact');
};

const formSet = (survey: SurveyDocument, questions: readonly QuestionInput[]): Partial<SurveyDocument> => {
	checkQuestions(questions, survey.state !== 'draft');
	if (questions.length > 40) throw invalidField('questions', 'too_many', { max: 40 });
	const form = revise(survey, questions, survey.openedAt !== null);
	if (form.forms.length > mostForms) throw conflict('survey_changed_too_often');
	return form;
};

const stateSet = (survey: SurveyDocument, to: NonNullable<SurveyPatch['state']>, closesOn: string): Partial<SurveyDocument> => {
	const from = stateNow(survey);
	if (to === from) return {};
	if (to === 'draft') throw invalidField('state', 'survey_no_way_back');
	if (to === 'closed') {
		if (from === 'draft') throw invalidField('state', 'survey_not_open');
		return { state: 'closed', closedAt: now() };
	}
	checkQuestions(survey.questions, true);
	// Opening one again whose last day is over takes that day away.
	const over = closesOn !== '' && closesOn < dayOf(now());
	return { state: 'open', openedAt: survey.openedAt ?? now(), closedAt: null, ...(over ? { closesOn: '' } : {}) };
};

/**
 * Changes title, words, last day, questions or state from the version seen. Absent fields stay. Once the survey has
 * been out, changed questions are new ones and the old ones keep their answers.
 */
export const editSurvey = async (actor: Actor, id: string, { version, state, questions, ...words }: SurveyPatch): Promise<SurveyView> => {
	const opened = await surveyFor(actor, id, 'survey.manage');
	const { survey } = opened;
	if (version !== survey.version) throw stale(await surveyView(survey));
	if (words.closesOn && words.closesOn !== survey.closesOn && words.closesOn < dayOf(now())) throw invalidField('closesOn', 'day_past');
	const form = questions ? formSet(survey, questions) : {};
	const set = {
		...Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined)),
		...form,
		...(state ? stateSet({ ...survey, ...form }, state, words.closesOn ?? survey.closesOn) : {})
	};
	return surveyView(await change(actor, opened, version, set, state ? `survey_${state}` : 'survey_edited'));
};

/** Adds a question (at the end) or changes one. */
export const saveQuestion = async (actor: Actor, id: string, key: string | null, input: QuestionInput, version: number): Promise<void> => {
	const opened = await surveyFor(actor, id, 'survey.manage');
	const { questions } = opened.survey;
	if (key !== null && !questions.some((question) => question.key === key)) throw notFound();
	const next = key === null ? [...questions, { ...input, key: '' }] : questions.map((question) => (question.key === key ? { ...input, key } : question));
	await change(actor, opened, version, formSet(opened.survey, next), 'survey_edited');
};

/** Moves a question up or down by one, or takes it out. */
export const arrangeQuestion = async (actor: Actor, id: string, key: string, how: 'up' | 'down' | 'remove', version: number): Promise<void> => {
	const opened = await surveyFor(actor, id, 'survey.manage');
	const { questions } = opened.survey;
	if (!questions.some((question) => question.key === key)) throw notFound();
	const next = how === 'remove' ? questions.filter((question) => question.key !== key) : moved(questions, key, how === 'up' ? -1 : 1);
	await change(actor, opened, version, formSet(opened.survey, next), 'survey_edited');
};

/** Takes a survey away with all its answers, or brings it back; doing so twice changes nothing. */
export const setSurveyRemoved = async (actor: Actor, id: string, removed: boolean): Promise<void> => {
	const { survey } = await surveyFor(actor, id, 'survey.manage', true);
	await markChange(survey.organization);
	const { modifiedCount } = await Survey.updateOne(
		{ _id: survey._id, deletedAt: removed ? null : { $ne: null } },
		{ $set: { deletedAt: removed ? now() : null }, $inc: { version: 1 } }
	);
	await countAgain(survey.organization);
	if (modifiedCount === 0) return;
	await recordAct({ chain: chainOf(survey), actor, action: removed ? 'survey_removed' : 'survey_restored', subject: id });
};
