import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { addDays, dayOf } from '#lib/domain/shared/days.ts';
import type { NewSurvey } from '#lib/domain/surveys/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { idFromHex, isDuplicateKey, newId, toId, type Id } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { recordAct } from '../../audit/index.ts';
import { readActivity } from '../../organizations/index.ts';
import { stationById } from '../../stations/index.ts';
import { personOf, recordedFor, chainOf } from '../access.ts';
import { Survey, type SurveyDocument } from '../model.ts';
import { newForm, templateByKey, templateFor } from '../templates.ts';
import { newToken } from '../tokens.ts';

type Place = Pick<SurveyDocument, 'organization' | 'station' | 'stationPath' | 'activity'>;

const make = async (actor: Actor, _id: Id, place: Place, content: Partial<SurveyDocument> & { title: string }): Promise<void> => {
	const at = now();
	await Survey.create({
		_id,
		...place,
		kind: 'needs',
		token: newToken(),
		state: 'draft',
		...newForm([]),
		createdBy: personOf(actor),
		createdAt: at,
		...content
	});
	await recordAct({ chain: chainOf(place), actor, action: 'survey_made', subject: _id.toHexString(), detail: { title: content.title } });
};

/**
 * Starts a draft for an organization, or for a station's whole community. Without questions it takes those of the
 * template. `entry` is an id the form carries: sending it twice makes one survey.
 */
export const createSurvey = async (
	actor: Actor,
	where: { organization: string } | { station: string },
	input: NewSurvey,
	entry?: string
): Promise<{ id: string }> => {
	const place = 'organization' in where ? await ofOrganization(actor, where.organization) : await ofStation(actor, where.station);
	const template = input.template ? await templateFor(place.station, input.template) : null;
	if (input.template && !template) throw invalidField('template', 'choose_one');
	const title = input.title || (template?.title ?? '');
	if (title === '') throw invalidField('title', 'required');
	if (input.closesOn && input.closesOn < dayOf(now())) throw invalidField('closesOn', 'day_past');
	const _id = entry ? toId(entry) : newId();
	try {
		await make(actor, _id, place, {
			title,
			kind: input.kind,
			intro: input.intro || (template?.intro ?? ''),
			closesOn: input.closesOn,
			...newForm(input.questions ?? asNeeds(template?.questions ?? []))
		});
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await Survey.exists({ _id, organization: place.organization, station: place.station }))) throw notFound();
	}
	return { id: _id.toHexString() };
};

const ofOrganization = async (actor: Actor, id: string): Promise<Place> => {
	const { station, stationPath } = await recordedFor(actor, id, 'survey.manage');
	return { organization: id, station, stationPath, activity: null };
};

const ofStation = async (actor: Actor, id: string): Promise<Place> => {
	const station = await stationById(id);
	const resource = { station: station.id, stationPath: station.path };
	if (!can(actor, 'survey.manage', resource)) throw can(actor, 'station.read', resource) ? forbidden() : notFound();
	return { organization: null, station: station.id, stationPath: station.path, activity: null };
};

/** In the ready-made questionnaire the troubles people tick are what they need. */
const asNeeds = <Item extends { key: string; asksNeeds: boolean }>(questions: readonly Item[]): Item[] =>
	questions.map((question) => (question.key === 'troubles' ? { ...question, asksNeeds: true } : question));

/** Days an activity's feedback form takes answers. */
const feedbackDays = 14;

/** The one survey an activity has for feedback. */
export const feedbackIdOf = (activity: string): Id => idFromHex(sha256(`feedback:${activity}`).slice(0, 24));

/**
 * Makes the feedback form of an activity and opens it at once: one tap, then the code can be shown. Asked again it
 * gives the same form.
 */
export const openFeedback = async (actor: Actor, organizationId: string, activityId: string): Promise<{ id: string }> => {
	const place = await ofOrganization(actor, organizationId);
	const activity = await readActivity(actor, organizationId, activityId);
	const template = templateByKey('feedback');
	if (!template) throw conflict('not_found');
	const _id = feedbackIdOf(activityId);
	const at = now();
	try {
		await make(actor, _id, { ...place, activity: activityId }, {
			title: `${activity.title}：${template.title}`.slice(0, 60),
			kind: 'feedback',
			intro: template.intro,
			closesOn: addDays(dayOf(at), feedbackDays),
			state: 'open',
			openedAt: at,
			...newForm(template.questions)
		});
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
	}
	return { id: _id.toHexString() };
};
