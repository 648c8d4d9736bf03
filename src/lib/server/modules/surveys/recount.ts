import { askedFigures, needsOf, type Asked } from '#lib/domain/surveys/figures.ts';
import type { RankedNeed } from '#lib/domain/surveys/needs.ts';
import { now } from '#lib/server/platform/clock.ts';
import { logger } from '#lib/server/platform/logger.ts';
import { recordAsked } from '../organizations/index.ts';
import { Interview, NeedBook, Response, Survey } from './model.ts';

const system = { kind: 'system', name: 'surveys' } as const;

/** Reads all that figures of an organization depend on: four reads. */
export const readAsked = async (organization: string): Promise<Asked & { change: number }> => {
	// The count of changes first: what is read afterwards knows of at least as many.
	const book = await NeedBook.findById(organization).lean();
	const [surveys, responses, interviews] = await Promise.all([
		Survey.find({ organization, deletedAt: null }, { kind: 1, title: 1, activity: 1, questions: 1, retired: 1 }).lean(),
		Response.find({ organization, leftOut: null }, { survey: 1, day: 1, answers: 1 }).lean(),
		Interview.find({ organization, deletedAt: null }, { heldOn: 1, who: 1, needs: 1 }).lean()
	]);
	const known = new Set(surveys.map(({ _id }) => _id.toHexString()));
	return {
		surveys: surveys.map(({ _id, ...survey }) => ({ ...survey, id: _id.toHexString() })),
		responses: responses.flatMap(({ _id, survey, day, answers }) => (known.has(survey) ? [{ id: _id.toHexString(), survey, day, answers }] : [])),
		interviews: interviews.map(({ _id, heldOn, who, needs }) => ({ id: _id.toHexString(), heldOn, who, needs })),
		names: Object.fromEntries((book?.names ?? []).map(({ key, to }) => [key, to])),
		change: book?.change ?? 0
	};
};

/** Says that something is about to change what an organization's figures are computed from. Comes before the change. */
export const markChange = async (organization: string | null): Promise<void> => {
	if (!organization) return;
	await NeedBook.updateOne(
		{ _id: organization },
		{ $inc: { change: 1 }, $set: { stale: true, changedAt: now() }, $setOnInsert: { names: [], version: 0 } },
		{ upsert: true }
	);
};

const recount = async (organization: string): Promise<void> => {
	try {
		const { change, ...asked } = await readAsked(organization);
		await recordAsked(system, organization, askedFigures(asked), change);
		await NeedBook.updateOne({ _id: organization, change }, { $set: { stale: false } });
	} catch (error) {
		// The record itself stands; the mark is still there, and the job counts again.
		logger.warn({ organization, err: error }, 'figures will be counted again');
	}
};

type Turn = { running: Promise<void>; next: Promise<void> | null };
const turns = new Map<string, Turn>();

/**
 * Counts an organization's records anew and hands the figures to its gates. Many answers in the same moment share a
 * count: at most one is under way and one waits.
 */
export const countAgain = (organization: string | null): Promise<void> => {
	if (!organization) return Promise.resolve();
	const turn = turns.get(organization);
	if (turn) {
		turn.next ??= turn.running.then(() => start(organization));
		return turn.next;
	}
	return start(organization);
};

const start = (organization: string): Promise<void> => {
	const turn: Turn = { running: recount(organization), next: null };
	turns.set(organization, turn);
	const done = (): void => {
		if (turns.get(organization) === turn && turn.next === null) turns.delete(organization);
	};
	void turn.running.then(done);
	return turn.running;
};

let looked: Date | null = null;

/**
 * Counts what was left uncounted by a crash. The first look of a process takes in everything that changed within a
 * day; the later ones what is still marked.
 */
export const settleFigures = async (): Promise<void> => {
	const at = now();
	const marked = { stale: true, changedAt: { $lt: new Date(at.getTime() - 10_000) } };
	const recent = { changedAt: { $gte: new Date(at.getTime() - 86_400_000) } };
	const books = await NeedBook.find(looked ? marked : { $or: [marked, recent] }, { _id: 1 }).limit(500).lean();
	looked = at;
	for (const { _id } of books) await countAgain(_id);
};

/** The needs of an organization's residents as they stand, straight from the records. */
export const readNeeds = async (organization: string): Promise<RankedNeed[]> => needsOf(await readAsked(organization));
