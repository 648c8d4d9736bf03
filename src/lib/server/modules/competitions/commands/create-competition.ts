import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { slugInYear, timelineNextYear, titleInYear } from '#lib/domain/competitions/next-year.ts';
import type { CompetitionSettings, NewCompetition } from '#lib/domain/competitions/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { forbidden, invalidField } from '#lib/server/platform/errors.ts';
import { newSecret } from '#lib/server/platform/secrets.ts';
import { recordAct } from '../../audit/index.ts';
import { stationById, workingDaysOf } from '../../stations/index.ts';
import { defaultSettings } from '../defaults.ts';
import { Competition, type CompetitionDocument } from '../model.ts';
import { readCompetition } from '../queries.ts';
import { settingsOf, storeTimeline, toView, type CompetitionView } from '../views.ts';

const withoutAbsent = <T extends object>(value: T): Partial<T> =>
	Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<T>;

/**
 * What a competition at a station starts with: the rules and texts of an earlier one, its times moved to a later
 * year's working days and its name and address with that year; or the platform's defaults. For people who may create
 * one there.
 */
export const startingSettings = async (actor: Actor, stationId: string, from?: string): Promise<{ settings: CompetitionSettings; from: string | null }> => {
	const station = await stationById(stationId);
	if (!can(actor, 'competition.create', { station: station.id, stationPath: station.path })) throw forbidden();
	const at = now();
	if (from === undefined) return { settings: { ...defaultSettings(at), title: '', slug: '' }, from: null };
	const previous = settingsOf(await readCompetition(actor, from));
	const timeline = timelineNextYear(previous.timeline, at, await workingDaysOf(station.path));
	const year = Number(dayOf(new Date(timeline.opensAt)).slice(0, 4));
	return { settings: { ...previous, timeline, title: titleInYear(previous.title, year), slug: slugInYear(previous.slug, year) }, from: previous.title };
};

/**
 * Starts a competition as a draft. What is not given comes from the previous competition `from` (its rules, with its
 * times moved to a later year) or from the platform's defaults; judges, proposals and amendments are never copied.
 */
export const createCompetition = async (actor: Actor, input: NewCompetition): Promise<CompetitionView> => {
	const station = await stationById(input.station);
	if (!can(actor, 'competition.create', { station: station.id, stationPath: station.path })) throw forbidden();
	const at = now();
	const { station: _station, from, ...given } = input;
	const start = await startingSettings(actor, station.id, from);
	const settings: CompetitionSettings = {
		...start.settings,
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
		checkedParts: [],
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
