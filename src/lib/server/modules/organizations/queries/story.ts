import type { Actor } from '#lib/domain/accounts/types.ts';
import { chaptersOf, countsOf, tells, type Chapter, type ChapterCounts, type StoryKind } from '#lib/domain/organizations/story.ts';
import { toIds } from '#lib/server/platform/db/index.ts';
import { loadFor } from '../access.ts';
import { OrganizationFile } from '../records-model.ts';
import type { TimelineEvent } from './timeline-sources.ts';
import { organizationTimeline } from './timeline.ts';

/** An event of the story with the ids of its pictures; a picture of nothing else is an event too. */
export type StoryEvent = Omit<TimelineEvent, 'code'> & { code: TimelineEvent['code'] | 'picture' | 'survey_closed'; pictures: string[] };

/** What another module has to tell: a survey that ran out or was closed, with its answers. */
export type ToldSurvey = { id: string; title: string; at: Date; responses: number };

export type Story = {
	chapters: (Chapter<StoryEvent> & { counts: ChapterCounts })[];
	/** There was more than fits a page: the oldest is left out. */
	cut: boolean;
};

const most = 600;
const mostPictures = 200;

const told = (survey: ToldSurvey): StoryEvent => ({
	id: survey.id,
	at: survey.at,
	code: 'survey_closed',
	who: '',
	title: survey.title,
	reason: '',
	gate: null,
	criterion: null,
	detail: { responses: survey.responses },
	pictures: []
});

const fileOf = (event: TimelineEvent): string => (typeof event.detail.file === 'string' ? event.detail.file : '');

/** The pictures of a group: those of an activity or an entry stand with it, the others by themselves. */
const withPictures = async (id: string, events: readonly TimelineEvent[]): Promise<StoryEvent[]> => {
	const image = { organization: id, deletedAt: null, type: { $regex: /^image\// } };
	const named = toIds(events.map(fileOf).filter((file) => file !== ''));
	const fields = { name: 1, note: 1, createdAt: 1, enteredBy: 1, activity: 1 } as const;
	const [recent, ofEntries] = await Promise.all([
		OrganizationFile.find(image, fields).sort({ createdAt: -1, _id: -1 }).limit(mostPictures).lean(),
		named.length > 0 ? OrganizationFile.find({ ...image, _id: { $in: named } }, { _id: 1 }).lean() : []
	]);
	const images = new Set(ofEntries.map(({ _id }) => _id.toHexString()));
	const shown = new Set(events.map(({ id: event }) => event));
	const taken = new Set<string>();
	const dressed = events.map((event): StoryEvent => {
		const own = recent.filter(({ activity }) => activity === event.id).map(({ _id }) => _id.toHexString());
		const pictures = [...own.reverse(), ...[fileOf(event)].filter((file) => images.has(file))];
		for (const picture of pictures) taken.add(picture);
		return { ...event, pictures };
	});
	const alone = recent
		.filter(({ _id, activity }) => !taken.has(_id.toHexString()) && !(activity && shown.has(activity)))
		.map(({ _id, name, note, createdAt, enteredBy }): StoryEvent => {
			const picture = _id.toHexString();
			const title = note || name;
			return { id: picture, at: createdAt, code: 'picture', who: enteredBy.name, title, reason: '', gate: null, criterion: null, detail: {}, pictures: [picture] };
		});
	return [...dressed, ...alone];
};

/**
 * An organization's life from its application to today, stage by stage, oldest first, with its pictures.
 * @param surveys - what the module of surveys has to tell of it
 */
export const organizationStory = async (actor: Actor, id: string, kind: StoryKind | null, surveys: readonly ToldSurvey[] = []): Promise<Story> => {
	await loadFor(actor, id, 'organization.read');
	const timeline = await organizationTimeline(actor, id, { limit: most });
	const events = [...(await withPictures(id, timeline.items)), ...surveys.map(told)];
	const chapters = chaptersOf<StoryEvent>(events).map((chapter) => ({
		...chapter,
		counts: countsOf(chapter),
		events: chapter.events.filter((event) => kind === null || tells(event, kind))
	}));
	return { chapters, cut: timeline.next !== null };
};
