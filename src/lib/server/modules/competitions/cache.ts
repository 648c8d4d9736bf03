import { toId } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { Competition, type CompetitionDocument } from './model.ts';

/** How long a read may be old, milliseconds: a change made by another process is seen after this at the latest. */
const freshMs = 3000;

const byId = createMemory<CompetitionDocument>({ name: 'competitions', freshMs });
const idBySlug = createMemory<string>({ name: 'competition-addresses', freshMs });

/** The competition as stored now, past the cache: what commands decide on. */
export const freshCompetition = async (id: string): Promise<CompetitionDocument> => {
	const document = await Competition.findById(toId(id)).lean();
	if (!document) throw notFound();
	return document;
};

/** The competition as read within the last three seconds; callers at the same time share one read. */
export const cachedCompetition = (id: string): Promise<CompetitionDocument> => byId.read(id, () => freshCompetition(id));

export const cachedBySlug = async (slug: string): Promise<CompetitionDocument> => {
	const id = await idBySlug.read(slug, async () => {
		const found = await Competition.findOne({ slug }, { _id: 1 }).lean();
		if (!found) throw notFound();
		return found._id.toHexString();
	});
	return cachedCompetition(id);
};

/** After a write of this process the next read is anew. */
export const forgetCompetition = (id: string): void => {
	byId.forget(id);
	idBySlug.forget();
};
