import type { Actor } from '#lib/domain/accounts/types.ts';
import { diffDocuments, type ArticleChange } from '#lib/domain/organizations/charter-diff.ts';
import { adopts, fillBlanks, openBlanks, versionStates, type Chapter, type DocumentText, type VersionState } from '#lib/domain/organizations/charters.ts';
import { motionOutcome, type MotionOutcome } from '#lib/domain/organizations/meetings.ts';
import { documentKinds, type DocumentKind } from '#lib/domain/organizations/tool-terms.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { now } from '#lib/server/platform/clock.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { loadFor } from '../access.ts';
import { Charter, type CharterDocument } from '../charter-model.ts';
import { Meeting, type MeetingDocument } from '../records-model.ts';

/** A vote on a document as a meeting recorded it; `votes` are those in favour. */
export type AdoptionVote = MotionOutcome & { meeting: string; title: string; heldOn: string; eligible: number; present: number; votes: number };
export type CharterVersionView = DocumentText & {
	number: number;
	note: string;
	at: Date;
	by: string;
	state: VersionState;
	inForceOn: string;
	vote: AdoptionVote | null;
};
export type CharterView = {
	kind: DocumentKind;
	draft: (DocumentText & { by: string; at: Date | null; blanks: string[] }) | null;
	/** Newest first. */
	versions: CharterVersionView[];
	/** The version that holds today. */
	inForce: number | null;
	/** Votes on documents of this kind, newest first: what an adoption can be linked to. */
	votes: AdoptionVote[];
	version: number;
};

type Held = Pick<MeetingDocument, '_id' | 'title' | 'heldOn' | 'eligible' | 'present' | 'motions'>;

/** The votes of the meetings on a kind of document; of several in one meeting, one that carried. */
const votesOf = (meetings: readonly Held[], kind: DocumentKind): AdoptionVote[] =>
	meetings.flatMap((meeting) => {
		const votes = meeting.motions
			.filter((motion) => adopts(kind, motion))
			.map((motion) => ({ ...motionOutcome(meeting, motion), votes: motion.for }));
		const vote = votes.find(({ carried }) => carried) ?? votes[0];
		const { title, heldOn, eligible, present } = meeting;
		return vote ? [{ ...vote, meeting: meeting._id.toHexString(), title, heldOn, eligible, present }] : [];
	});

/** The text as it reads: the day of adoption stands in it once it holds. */
const dated = (chapters: readonly Chapter[], day: string): Chapter[] => {
	const [year, month, date] = day.split('-').map(Number);
	const facts = { adopted_on: day ? `${year}年${month}月${date}日` : '____年__月__日' };
	return chapters.map((chapter) => ({ ...chapter, articles: chapter.articles.map(({ key, text }) => ({ key, text: fillBlanks(text, facts) })) }));
};

const viewOf = (kind: DocumentKind, charter: CharterDocument | null, meetings: readonly Held[]): CharterView => {
	const votes = votesOf(meetings, kind);
	const voteAt = (meeting: string): AdoptionVote | null => votes.find((vote) => vote.meeting === meeting) ?? null;
	const versions = charter?.versions ?? [];
	const states = versionStates(versions, (meeting) => voteAt(meeting)?.carried ?? false, dayOf(now()));
	const views = versions.map((version): CharterVersionView => {
		const vote = version.meeting ? voteAt(version.meeting) : null;
		return {
			number: version.number,
			title: version.title,
			chapters: dated(version.chapters, vote?.carried ? vote.heldOn : ''),
			note: version.note,
			at: version.at,
			by: version.by.name,
			state: states.get(version.number) ?? 'proposed',
			inForceOn: version.inForceOn,
			vote
		};
	});
	return {
		kind,
		draft: charter?.draft
			? { ...charter.draft, by: charter.draftBy?.name ?? '', at: charter.draftAt, blanks: openBlanks(charter.draft) }
			: null,
		versions: views.reverse(),
		inForce: views.find(({ state }) => state === 'in_force')?.number ?? null,
		votes,
		version: charter?.version ?? 0
	};
};

const meetingsOf = (organization: string): Promise<Held[]> =>
	Meeting.find({ organization, deletedAt: null }, { title: 1, heldOn: 1, eligible: 1, present: 1, motions: 1 })
		.sort({ heldOn: -1, _id: -1 })
		.limit(500)
		.lean<Held[]>();

/** One document of a group; one that was never begun has neither draft nor versions. */
export const charterView = async (actor: Actor, organizationId: string, kind: DocumentKind): Promise<CharterView> => {
	await loadFor(actor, organizationId, 'organization.read');
	const [charter, meetings] = await Promise.all([Charter.findOne({ organization: organizationId, kind }).lean(), meetingsOf(organizationId)]);
	return viewOf(kind, charter, meetings);
};

/** The charter and the three rules, in this order. */
export const listCharters = async (actor: Actor, organizationId: string): Promise<CharterView[]> => {
	await loadFor(actor, organizationId, 'organization.read');
	const [charters, meetings] = await Promise.all([Charter.find({ organization: organizationId }).lean(), meetingsOf(organizationId)]);
	return documentKinds.map((kind) => viewOf(kind, charters.find((charter) => charter.kind === kind) ?? null, meetings));
};

/** A document that was put to the vote and waits for it, or for the day from which it is to hold. */
export type WaitingDocument = { kind: DocumentKind; number: number; version: number };

/** Documents whose newest version was put to the vote and not adopted yet; of a meeting, those its votes carried. */
export const waitingDocuments = async (actor: Actor, organizationId: string, meeting?: string): Promise<WaitingDocument[]> =>
	(await listCharters(actor, organizationId)).flatMap(({ kind, versions, votes, version }) => {
		const newest = versions[0];
		if (newest?.state !== 'proposed' && newest?.state !== 'not_carried') return [];
		const carried = meeting === undefined || votes.some((vote) => vote.meeting === meeting && vote.carried);
		return carried ? [{ kind, number: newest.number, version }] : [];
	});

/** Every version that holds or held, of all documents of a group. The caller has checked that its actor may see them. */
export const adoptedVersions = async (organization: string): Promise<{ kind: DocumentKind; number: number; by: string; at: Date; inForceOn: string }[]> => {
	const [charters, meetings] = await Promise.all([Charter.find({ organization }).lean(), meetingsOf(organization)]);
	return charters.flatMap((charter) =>
		viewOf(charter.kind, charter, meetings)
			.versions.filter(({ state }) => state === 'in_force' || state === 'superseded')
			.map(({ number, by, at, inForceOn }) => ({ kind: charter.kind, number, by, at, inForceOn }))
	);
};

/** What changed from one version to another, article by article. Version 0 is the draft. */
export const compareVersions = async (
	actor: Actor,
	organizationId: string,
	kind: DocumentKind,
	from: number,
	to: number
): Promise<{ view: CharterView; changes: ArticleChange[] }> => {
	const view = await charterView(actor, organizationId, kind);
	// The texts as they were written: the day of adoption filled in for reading is no change.
	const charter = await Charter.findOne({ organization: organizationId, kind }).lean();
	const textOf = (number: number): DocumentText | null =>
		(number === 0 ? charter?.draft : charter?.versions.find((version) => version.number === number)) ?? null;
	const [before, after] = [textOf(from), textOf(to)];
	if (!before || !after) throw notFound();
	return { view, changes: diffDocuments(before, after) };
};
