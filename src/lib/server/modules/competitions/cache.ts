import { toId } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { Competition, type CompetitionDocument } from './model.ts';

/** How long a read may be old, milliseconds: another process's change is seen after this at the latest. */
const freshMs = 3000;
const most = 500;

type Entry = { at: number; document: Promise<CompetitionDocument> };
const byId = new Map<string, Entry>();
const idBySlug = new Map<string, { at: number; id: string }>();

const keep = (id: string, document: Promise<CompetitionDocument>): Promise<CompetitionDocument> => {
	if (byId.size >= most) byId.delete(byId.keys().next().value ?? '');
	byId.set(id, { at: Date.now(), document });
	document.catch(() => byId.delete(id));
	return document;
};

/** The competition as stored now, past the cache: what commands decide on. */
export const freshCompetition = async (id: string): Promise<CompetitionDocument> => {
	const document = await Competition.findById(toId(id)).lean();
	if (!document) throw notFound();
	return document;
};

/** The competition as read within the last three seconds; callers at the same time share one read. */
export const cachedCompetition = (id: string): Promise<CompetitionDocument> => {
	const known = byId.get(id);
	return known && Date.now() - known.at < freshMs ? known.document : keep(id, freshCompetition(id));
};

export const cachedBySlug = async (slug: string): Promise<CompetitionDocument> => {
	const known = idBySlug.get(slug);
	if (known && Date.now() - known.at < freshMs) return cachedCompetition(known.id);
	const document = await Competition.findOne({ slug }).lean();
	if (!document) throw notFound();
	const id = document._id.toHexString();
	if (idBySlug.size >= most) idBySlug.clear();
	idBySlug.set(slug, { at: Date.now(), id });
	return keep(id, Promise.resolve(document));
};

/** After a write of this process the next read is anew. */
export const forgetCompetition = (id: string): void => {
	byId.delete(id);
	idBySlug.clear();
};
