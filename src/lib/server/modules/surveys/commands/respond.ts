import type { Actor } from '#lib/domain/accounts/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { readResponse, searchTextOf } from '#lib/domain/surveys/answers.ts';
import { presentRevision, questionsOf } from '#lib/domain/surveys/revise.ts';
import { usualFromDevice } from '#lib/domain/surveys/terms.ts';
import type { Answers, Contact, Question, ResponseFlag } from '#lib/domain/surveys/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { conflict, invalid, notFound } from '#lib/server/platform/errors.ts';
import { countTry, type Limit } from '#lib/server/platform/limits.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { canonicalJson, recordAct } from '../../audit/index.ts';
import { chainOf, personOf, surveyFor } from '../access.ts';
import { Response, Survey, type ResponseDocument, type SurveyDocument } from '../model.ts';
import { countAgain, markChange } from '../recount.ts';
import { stateNow } from '../state.ts';

// A phone that goes from hand to hand waits a minute at most; behind one address may sit a whole hall.
const byDevice: Limit = { name: 'survey-device', points: 4, seconds: 60 };
const byAddress: Limit = { name: 'survey-address', points: 60, seconds: 60 };

/** What somebody sends by the link. */
export type SentResponse = {
	answers: Record<string, unknown>;
	contact: { name?: unknown; phone?: unknown; consent?: unknown };
	/** The form they had before them. */
	revision: number;
	/** Made when the page was shown: sending it twice is one answer. */
	entry: string;
	/** They say that somebody else used this device before. */
	another: boolean;
};

/** Where it came from: the browser's own mark and the address. */
export type Sender = { device: string; address: string };

const digestOf = (survey: string, answers: Answers): string => sha256(`${survey}\n${canonicalJson(answers)}`);
const marksOf = (survey: string, { device, address }: Sender): { device: string; address: string } => ({
	device: device ? sha256(`${survey}\ndevice\n${device}`) : '',
	address: address ? sha256(`${survey}\naddress\n${address}`) : ''
});

const texts = (questions: readonly Question[], answers: Answers): string =>
	questions.flatMap(({ key, type }) => (type === 'text' ? [String(answers[key] ?? '')] : [])).join('');

/** Signs that the same person may have answered before. Nothing is dropped for them: a person looks. */
const flagsOf = async (
	survey: string,
	questions: readonly Question[],
	response: { answers: Answers; contact: Contact | null; digest: string; device: string; address: string }
): Promise<ResponseFlag[]> => {
	const { answers, contact, digest, device, address } = response;
	// Ticks alone are soon the same as a neighbour's; the same words from the same place are not.
	const sameFrom = [...(device ? [{ device }] : []), ...(address && texts(questions, answers) !== '' ? [{ address }] : [])];
	const [same, phone, fromDevice] = await Promise.all([
		sameFrom.length > 0 ? Response.exists({ survey, digest, $or: sameFrom }) : null,
		contact ? Response.exists({ survey, 'contact.phone': contact.phone }) : null,
		device ? Response.countDocuments({ survey, device }) : 0
	]);
	return [
		...(same ? (['same_answers'] as const) : []),
		...(phone ? (['same_phone'] as const) : []),
		...(fromDevice >= usualFromDevice ? (['many_from_device'] as const) : [])
	];
};

const store = async (
	survey: SurveyDocument,
	questions: readonly Question[],
	response: Pick<ResponseDocument, '_id' | 'revision' | 'answers' | 'contact' | 'source' | 'enteredBy'>,
	sender: Sender
): Promise<boolean> => {
	const id = survey._id.toHexString();
	const at = now();
	const marks = marksOf(id, sender);
	const digest = digestOf(id, response.answers);
	const flags = await flagsOf(id, questions, { ...response, ...marks, digest });
	await markChange(survey.organization);
	try {
		await Response.create({
			...response,
			...marks,
			survey: id,
			organization: survey.organization,
			text: searchTextOf(questions, response.answers),
			contactConsentAt: response.contact ? at : null,
			digest,
			flags,
			at,
			day: dayOf(at)
		});
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await Response.exists({ _id: response._id, survey: id }))) throw notFound();
		return false;
	} finally {
		await countAgain(survey.organization);
	}
	return true;
};

/** The form that was answered; the present one where nobody knows the one named. */
const knownRevision = (survey: SurveyDocument, named: number | undefined): number =>
	survey.forms.some(({ revision }) => revision === named) && named !== undefined ? named : presentRevision(survey);

/** Whether this device has answered already; for the page that asks who answers now. */
export const hasAnswered = async (survey: SurveyDocument, device: string): Promise<boolean> =>
	device !== '' &&
	(await Response.exists({
		survey: survey._id.toHexString(),
		device: marksOf(survey._id.toHexString(), { device, address: '' }).device
	})) !== null;

/** The survey behind a public address, also one that is closed; drafts and removed ones are not found. */
export const publicDocument = async (token: string): Promise<SurveyDocument> => {
	if (!/^[a-z0-9]{6,20}$/.test(token)) throw notFound();
	const survey = await Survey.findOne({ token, deletedAt: null }).lean();
	if (!survey) throw notFound();
	return survey;
};

/**
 * Takes an answer from anybody who has the link; no account, no name. Refused: a survey that is not open (409
 * `survey_closed`), a device that has answered and does not say that somebody else does now (409
 * `answered_already`), wrong answers (422), too many within a minute (429, with the seconds to wait).
 */
export const respond = async (token: string, sent: SentResponse, sender: Sender): Promise<void> => {
	const survey = await publicDocument(token);
	if (survey.state === 'draft') throw notFound();
	const id = survey._id.toHexString();
	const _id = toId(sent.entry);
	// A second press of the same button, also when the survey was closed between the two.
	if (await Response.exists({ _id, survey: id })) return;
	if (stateNow(survey) !== 'open') throw conflict('survey_closed');
	const revision = knownRevision(survey, sent.revision);
	const questions = questionsOf(survey, revision);
	const { answers, contact, issues } = readResponse(questions, sent, 'sent');
	if (issues.length > 0) throw invalid(issues);
	if (!sent.another && (await hasAnswered(survey, sender.device))) throw conflict('answered_already');
	if (sender.device) await countTry(byDevice, marksOf(id, sender).device);
	await countTry(byAddress, marksOf('', sender).address);
	await store(survey, questions, { _id, revision, answers, contact, source: 'link', enteredBy: null }, sender);
};

/**
 * Enters an answer from paper. `typed`: choices stand as their numbers on the sheet. Closed surveys take paper too, as
 * sheets come in late; drafts do not. Sending the same `entry` twice enters one.
 */
export const enterResponse = async (
	actor: Actor,
	surveyId: string,
	sent: { answers: Record<string, unknown>; contact: SentResponse['contact']; revision?: number },
	how: 'paper' | 'typed',
	entry?: string
): Promise<{ id: string }> => {
	const { survey } = await surveyFor(actor, surveyId, 'survey.manage');
	if (survey.openedAt === null) throw conflict('survey_not_open');
	const revision = knownRevision(survey, sent.revision);
	const questions = questionsOf(survey, revision);
	const { answers, contact, issues } = readResponse(questions, sent, how);
	if (issues.length > 0) throw invalid(issues);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	const isNew = await store(survey, questions, { _id, revision, answers, contact, source: 'paper', enteredBy: personOf(actor) }, { device: '', address: '' });
	if (isNew) await recordAct({ chain: chainOf(survey), actor, action: 'response_entered', subject: id, detail: { survey: surveyId } });
	return { id };
};
