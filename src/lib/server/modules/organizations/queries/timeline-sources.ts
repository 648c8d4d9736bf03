import type { TextPair } from '#lib/domain/organizations/criteria.ts';
import type { GateName } from '#lib/domain/organizations/lifecycle.ts';
import { dayOf, dayStart } from '#lib/domain/shared/days.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { Asked } from '../asked-model.ts';
import type { HistoryAction } from '../model.ts';
import { GroupEntry, Supervision, Training, type EntryDocument } from '../tools-model.ts';
import { adoptedVersions } from './charters.ts';

type RecordCode =
	| 'activity' | 'training' | 'supervision' | 'meeting' | 'assessed_self' | 'assessed_station' | 'station_training' | 'session'
	| 'interview' | 'idea' | 'project_started' | 'project_closed' | 'accounts' | 'resource' | 'document_in_force';

/** One event of an organization's life; `code` names the sentence, `title` what it is about. */
export type TimelineEvent = {
	id: string;
	at: Date;
	code: HistoryAction | RecordCode;
	who: string;
	title: string;
	reason: string;
	gate: GateName | null;
	criterion: TextPair | null;
	detail: Record<string, string | number>;
};

/**
 * When a record of a day took place among the other events of that day: at the moment it was entered where that was on
 * the same day, else at its beginning.
 */
export const momentOf = (day: string, enteredAt: Date): Date => (dayOf(enteredAt) === day ? enteredAt : dayStart(day));

/** Which days to read: up to one, at most so many records of a kind, newest first. */
export type Reach = { until: string | null; most: number };

const plain = { reason: '', gate: null, criterion: null, detail: {} };
const upTo = ({ until }: Reach): { heldOn?: { $lte: string } } => (until === null ? {} : { heldOn: { $lte: until } });
const newest = { heldOn: -1, _id: -1 } as const;

/** Trainings of the station at which people of the group were: who came of them. */
const trainings = async (id: string, reach: Reach): Promise<TimelineEvent[]> => {
	const rows = await Training.find({ 'attendees.organization': id, deletedAt: null, ...upTo(reach) }, { title: 1, heldOn: 1, attendees: 1, enteredBy: 1, createdAt: 1 })
		.sort(newest)
		.limit(reach.most)
		.lean();
	return rows.map(({ _id, title, heldOn, attendees, enteredBy, createdAt }) => ({
		...plain,
		id: _id.toHexString(),
		at: momentOf(heldOn, createdAt),
		code: 'station_training',
		who: enteredBy.name,
		title,
		detail: { people: attendees.filter(({ organization }) => organization === id).length }
	}));
};

/** Supervision about the group: its topic, never what was said or noted in it. */
const sessions = async (id: string, reach: Reach): Promise<TimelineEvent[]> => {
	const rows = await Supervision.find({ organizations: id, deletedAt: null, ...upTo(reach) }, { topic: 1, heldOn: 1, supervisor: 1, createdAt: 1 })
		.sort(newest)
		.limit(reach.most)
		.lean();
	return rows.map(({ _id, topic, heldOn, supervisor, createdAt }) => ({
		...plain,
		id: _id.toHexString(),
		at: momentOf(heldOn, createdAt),
		code: 'session',
		who: supervisor.name,
		title: topic
	}));
};

/** Ideas, projects from their beginning to their closing, published accounts, and what came from outside. */
const entryEvents = ({ _id, content, enteredBy, createdAt }: EntryDocument): TimelineEvent[] => {
	const id = _id.toHexString();
	const told = (code: TimelineEvent['code'], at: Date, detail: TimelineEvent['detail'] = {}, key = id): TimelineEvent => ({
		...plain,
		id: key,
		at,
		code,
		who: enteredBy.name,
		title: content.title,
		detail: { ...detail, entry: id, file: 'file' in content ? content.file : '' }
	});
	if (content.kind === 'idea') return [told('idea', createdAt)];
	if (content.kind === 'accounts') return [told('accounts', momentOf(content.publishedOn, createdAt))];
	if (content.kind === 'resource') return [told('resource', momentOf(content.receivedOn, createdAt), { giver: content.giver })];
	const closed = content.closedOn ? [told('project_closed', momentOf(content.closedOn, createdAt), { result: content.result })] : [];
	return [told('project_started', momentOf(content.startedOn, createdAt), { file: '' }, `${id}-start`), ...closed];
};

const entries = async (id: string): Promise<TimelineEvent[]> =>
	(await GroupEntry.find({ organization: id, deletedAt: null }).limit(1000).lean()).flatMap(entryEvents);

/** Talks with residents, named as the record names them, without what was said. */
const talks = async (id: string): Promise<TimelineEvent[]> =>
	((await Asked.findById(id, { interviews: 1 }).lean())?.interviews ?? []).map((talk) => ({
		...plain,
		id: talk.id,
		// When it was entered is known from its id alone.
		at: momentOf(talk.heldOn, toId(talk.id).getTimestamp()),
		code: 'interview',
		who: '',
		title: talk.who
	}));

/** The charter and the rules, on the day from which each adopted version holds. */
const documents = async (id: string): Promise<TimelineEvent[]> =>
	(await adoptedVersions(id)).map(({ kind, number, by, at, inForceOn }) => ({
		...plain,
		id: `${kind}-${number}`,
		at: momentOf(inForceOn, at),
		code: 'document_in_force',
		who: by,
		title: '',
		detail: { kind, number }
	}));

/** What the group's own tools recorded, for the story of its life. */
export const toolEvents = async (id: string, reach: Reach): Promise<TimelineEvent[]> =>
	(await Promise.all([trainings(id, reach), sessions(id, reach), entries(id), talks(id), documents(id)])).flat();
