import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { CompetitionSettings, NewCompetition } from '#lib/domain/competitions/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { forbidden, invalidField } from '#lib/server/platform/errors.ts';
import { newSecret } from '#lib/server/platform/secrets.ts';
import { recordAct } from '../../audit/index.ts';
import { stationById } from '../../stations/index.ts';
import { defaultSettings } from '../defaults.ts';
import { Competition, type CompetitionDocument } from '../model.ts';
import { readCompetition } from '../queries.ts';
import { settingsOf, storeTimeline, toView, type CompetitionView } from '../views.ts';

const withoutAbsent = <T extends object>(value: T): Partial<T> =>
	Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<T>;

/**
 * Starts a competition as a draft. What is not given comes from the previous competition `from` (its rules, not
 * its times) or from the platform's defaults.
 */
export const createCompetition = async (actor: Actor, input: NewCompetition): Promise<CompetitionView> => {
	const station = await stationById(input.station);
	if (!can(actor, 'competition.create', { station: station.id, stationPath: station.path })) throw forbidden();
	const at = now();
	const { station: _station, from, ...given } = input;
	const previous = from ? settingsOf(await readCompetition(actor, from)) : null;
	const defaults = defaultSettings(at);
	const settings: CompetitionSettings = {
		...defaults,
		...(previous ? { ...previous, timeline: defaults.timeline } : {}),
		...(withoutAbsent(given) as Pick<CompetitionSettings, 'title' | 'slug'>)
	};
	const document: CompetitionDocument = {
		_id: newId(),
		...settings,
		timeline: storeTimeline(settings.timeline),
		station: station.id,
		stationPath: station.path,
		state: 'draft',
		stateSince: at,
		history: [],
		lastNumber: 0,
		drawSeed: newSecret(12),
		amendments: [],
		createdAt: at,
		createdBy: actor.kind === 'user' ? actor.id : null,
		version: 0
	};
	try {
		await Competition.create(document);
	} catch (error) {
		if (isDuplicateKey(error)) throw invalidField('slug', 'slug_taken');
		throw error;
	}
	const id = document._id.toHexString();
	await recordAct({
		chain: `competition:${id}`,
		actor,
		action: 'competition_created',
		subject: id,
		detail: { title: document.title, from: from ?? null }
	});
	return toView(document, at);
};
