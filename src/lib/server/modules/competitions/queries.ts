import { can, scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor, Resource } from '#lib/domain/accounts/types.ts';
import { effectiveState } from '#lib/domain/competitions/clock.ts';
import { isPublic } from '#lib/domain/competitions/lifecycle.ts';
import { competitionStates } from '#lib/domain/competitions/schema.ts';
import type { CompetitionState } from '#lib/domain/competitions/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { packCursor, toId, unpackTimeCursor, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { stationsByIds } from '../stations/index.ts';
import { cachedBySlug, cachedCompetition } from './cache.ts';
import { Competition, type CompetitionDocument } from './model.ts';
import { toPublic, toView, type CompetitionView, type PublicCompetition } from './views.ts';

/** What rights over a competition depend on. */
export const resourceOf = (competition: { id: string; station: string; stationPath: string[] }): Resource => ({
	station: competition.station,
	stationPath: competition.stationPath,
	competition: competition.id
});

/** A competition by id, for other modules: at most three seconds old. 404 when there is none. No rights are checked. */
export const competitionById = async (id: string): Promise<CompetitionView> => toView(await cachedCompetition(id), now());

/** A competition by the name in its address, likewise. */
export const competitionBySlug = async (slug: string): Promise<CompetitionView> => toView(await cachedBySlug(slug), now());

/** The public page of a competition; a draft is not there for strangers. */
export const publicCompetition = async (slug: string): Promise<PublicCompetition & { stationName: string }> => {
	const competition = await competitionBySlug(slug);
	if (!isPublic(competition.state)) throw notFound();
	const names = await stationNames([competition.station]);
	return { ...toPublic(competition), stationName: names.get(competition.station) ?? '' };
};

/** A competition for the people who run or oversee it; 404 for all others. */
export const readCompetition = async (actor: Actor, id: string): Promise<CompetitionView> => {
	const competition = await competitionById(id);
	if (!can(actor, 'competition.readWork', resourceOf(competition))) throw notFound();
	return competition;
};

/** The same by id, for programs: everything for the people who run or oversee it, the public part for all others. */
export const competitionFor = async (actor: Actor, id: string): Promise<CompetitionView | PublicCompetition> => {
	const competition = await competitionById(id);
	if (can(actor, 'competition.readWork', resourceOf(competition))) return competition;
	if (!isPublic(competition.state)) throw notFound();
	return toPublic(competition);
};

/** One line of a list of competitions. */
export type CompetitionRow = {
	id: string;
	title: string;
	slug: string;
	theme: string;
	fund: number;
	state: CompetitionState;
	opensAt: Date;
	closesAt: Date;
	station: string;
	stationName: string;
};

const rowFields = { title: 1, slug: 1, theme: 1, fund: 1, state: 1, timeline: 1, station: 1, createdAt: 1 } as const;
type RowDocument = Pick<CompetitionDocument, '_id' | keyof typeof rowFields>;

const stationNames = async (ids: readonly string[]): Promise<Map<string, string>> => {
	const stations = await stationsByIds(ids);
	return new Map(ids.map((id) => [id, stations.get(id)?.name ?? '']));
};

const rows = async (documents: readonly RowDocument[]): Promise<CompetitionRow[]> => {
	const names = await stationNames([...new Set(documents.map(({ station }) => station))]);
	const at = now();
	return documents.map((document) => ({
		id: document._id.toHexString(),
		title: document.title,
		slug: document.slug,
		theme: document.theme,
		fund: document.fund,
		state: effectiveState(document, at),
		opensAt: document.timeline.opensAt,
		closesAt: document.timeline.closesAt,
		station: document.station,
		stationName: names.get(document.station) ?? ''
	}));
};

const live: CompetitionState[] = ['announced', 'open', 'screening', 'judging', 'deliberation', 'notice', 'decided', 'executing'];
const open: readonly CompetitionState[] = ['open', 'announced'];
/** More calls at once than one page shows are no list a person reads; older ones are under the finished. */
const mostLive = 200;

/** Competitions for everybody: open calls first (soonest closing first), then running ones, then the finished by pages. */
export const publicCompetitions = async (
	page: PageInput
): Promise<{ open: CompetitionRow[]; running: CompetitionRow[]; finished: Page<CompetitionRow> }> => {
	const after = page.cursor ? unpackTimeCursor(page.cursor) : null;
	const [current, past] = await Promise.all([
		after
			? []
			: Competition.find({ state: { $in: live } }, rowFields)
					.sort({ 'timeline.closesAt': 1, _id: 1 })
					.limit(mostLive)
					.lean(),
		Competition.find(
			{
				state: 'closed',
				...(after
					? {
							$or: [
								{ 'timeline.closesAt': { $lt: after.at } },
								{ 'timeline.closesAt': after.at, _id: { $lt: toId(after.id) } }
							]
						}
					: {})
			},
			rowFields
		)
			.sort({ 'timeline.closesAt': -1, _id: -1 })
			.limit(page.limit + 1)
			.lean()
	]);
	const list = await rows(current);
	const shown = past.slice(0, page.limit);
	const last = shown.at(-1);
	return {
		open: list.filter((row) => open.includes(row.state)).sort((a, b) => open.indexOf(a.state) - open.indexOf(b.state)),
		running: list.filter((row) => !open.includes(row.state)).reverse(),
		finished: {
			items: await rows(shown),
			next: past.length > page.limit && last ? packCursor([last.timeline.closesAt, last._id.toHexString()]) : null
		}
	};
};

export const competitionViews = ['all', 'running', 'over'] as const;

/** Words of the title, and whether it still goes on. */
export type CompetitionFilter = { search?: string; view?: (typeof competitionViews)[number] };
const over = ['closed', 'cancelled'] as const;

/**
 * Competitions the actor runs or oversees, newest first; with `others` also those of other stations that are public, so
 * that a street sees its city's calls.
 */
export const listCompetitions = async (actor: Actor, page: PageInput, others = false, filter: CompetitionFilter = {}): Promise<Page<CompetitionRow>> => {
	const staffed = scopeIds(actor, 'station', ['head', 'worker']);
	const overseen = scopeIds(actor, 'station', ['head', 'observer', 'supervisor', 'finance']);
	const everything = can(actor, 'platform.administer');
	if (!everything && staffed.length + overseen.length === 0) throw forbidden();
	const after = page.cursor ? unpackTimeCursor(page.cursor) : null;
	const shown = competitionStates.filter(isPublic);
	const documents = await Competition.find(
		{
			$and: [
				everything ? {} : { $or: [{ station: { $in: staffed } }, { stationPath: { $in: overseen } }, ...(others ? [{ state: { $in: shown } }] : [])] },
				filter.search ? { title: { $regex: filter.search.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' } } : {},
				filter.view === 'over' ? { state: { $in: [...over] } } : filter.view === 'running' ? { state: { $nin: [...over] } } : {},
				after
					? { $or: [{ createdAt: { $lt: after.at } }, { createdAt: after.at, _id: { $lt: toId(after.id) } }] }
					: {}
			]
		},
		rowFields
	)
		.sort({ createdAt: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean();
	const items = documents.slice(0, page.limit);
	const last = items.at(-1);
	return {
		items: await rows(items),
		next: documents.length > page.limit && last ? packCursor([last.createdAt, last._id.toHexString()]) : null
	};
};

/** Ids of the competitions being judged, for work done again and again. */
export const competitionsInJudging = async (): Promise<string[]> =>
	(await Competition.find({ state: 'judging' }, { _id: 1 }).lean()).map(({ _id }) => _id.toHexString());

/** Competitions that take proposals now, for the choice of a group or of a worker entering for one. */
export const openCompetitions = async (): Promise<CompetitionRow[]> => (await publicCompetitions({ limit: 1 })).open.filter(({ state }) => state === 'open');
