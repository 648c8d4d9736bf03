import type { Actor } from '#lib/domain/accounts/types.ts';
import { chaptersOf, storyKindOf, type Chapter, type StoryKind } from '#lib/domain/organizations/story.ts';
import { loadFor } from '../access.ts';
import { OrganizationFile } from '../model.ts';
import { organizationTimeline, type TimelineEvent } from './timeline.ts';

/** An event of the story; a picture is one too, `id` is then that of its file. */
export type StoryEvent = Omit<TimelineEvent, 'code'> & { code: TimelineEvent['code'] | 'picture' };

export type Story = {
	chapters: Chapter<StoryEvent>[];
	/** There was more than fits a page: the oldest is left out. */
	cut: boolean;
};

const most = 600;
const mostPictures = 120;

/** An organization's life from its application to today, stage by stage, oldest first, with its pictures. */
export const organizationStory = async (actor: Actor, id: string, kind: StoryKind | null): Promise<Story> => {
	await loadFor(actor, id, 'organization.read');
	const [timeline, pictures] = await Promise.all([
		organizationTimeline(actor, id, { limit: most }),
		OrganizationFile.find({ organization: id, deletedAt: null, type: { $regex: /^image\// } }, { name: 1, note: 1, createdAt: 1, enteredBy: 1 })
			.sort({ createdAt: -1, _id: -1 })
			.limit(mostPictures)
			.lean()
	]);
	const shown = pictures.map(
		({ _id, name, note, createdAt, enteredBy }): StoryEvent => ({
			id: _id.toHexString(),
			at: createdAt,
			code: 'picture',
			who: enteredBy.name,
			title: note || name,
			reason: '',
			gate: null,
			criterion: null,
			detail: {}
		})
	);
	const chapters = chaptersOf<StoryEvent>([...timeline.items, ...shown]).map((chapter) => ({
		...chapter,
		events: chapter.events.filter(({ code }) => kind === null || storyKindOf(code) === kind)
	}));
	return { chapters, cut: timeline.next !== null };
};
