import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { newId, toId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { stationById } from '../../stations/index.ts';
import { personOf, surveyFor } from '../access.ts';
import { StoredTemplate } from '../model.ts';
import { mostTemplates } from '../templates.ts';

/** Keeps a survey's title and questions for the whole station to start from; one of the same title is replaced. */
export const keepAsTemplate = async (actor: Actor, surveyId: string): Promise<void> => {
	const { survey, resource } = await surveyFor(actor, surveyId, 'survey.manage');
	if (!can(actor, 'survey.keepTemplate', resource)) throw forbidden();
	if (survey.questions.length === 0) throw conflict('survey_without_questions');
	const { station, title, intro, questions } = survey;
	const others = await StoredTemplate.countDocuments({ station, title: { $ne: title } });
	if (others >= mostTemplates) throw conflict('templates_full', { max: mostTemplates });
	await StoredTemplate.updateOne(
		{ station, title },
		{ $set: { intro, questions, createdBy: personOf(actor), createdAt: now() }, $setOnInsert: { _id: newId() } },
		{ upsert: true }
	);
	await recordAct({ chain: `station:${station}`, actor, action: 'survey_template_kept', subject: surveyId, detail: { title } });
};

/** Forgets one of a station's templates; surveys made from it stay. */
export const dropTemplate = async (actor: Actor, stationId: string, templateId: string): Promise<void> => {
	const station = await stationById(stationId);
	const resource = { station: station.id, stationPath: station.path };
	if (!can(actor, 'survey.keepTemplate', resource)) throw can(actor, 'station.read', resource) ? forbidden() : notFound();
	const { deletedCount } = await StoredTemplate.deleteOne({ _id: toId(templateId), station: stationId });
	if (deletedCount > 0) await recordAct({ chain: `station:${stationId}`, actor, action: 'survey_template_dropped', subject: templateId });
};
