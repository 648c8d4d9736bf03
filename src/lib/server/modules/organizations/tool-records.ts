import type { ToolRecords } from '#lib/domain/organizations/tool-metrics.ts';
import { GroupEntry, ServiceEntry, Supervision, Training } from './tools-model.ts';

type Named = { label: string };

/** What the group's own tools recorded, with what each record is called. */
export type StoredTools = {
	trainings: (ToolRecords['trainings'][number] & Named)[];
	supervisions: (ToolRecords['supervisions'][number] & Named)[];
	entries: (ToolRecords['entries'][number] & Named)[];
};
export const noTools: StoredTools = { trainings: [], supervisions: [], entries: [] };

const mostOfOne = { days: 500, entries: 1000 } as const;

/** Reads what gates need of trainings, supervision, projects, accounts and resources of several groups: three reads. */
export const loadToolsOf = async (organizations: readonly string[]): Promise<Map<string, StoredTools>> => {
	const organization = { $in: [...organizations] };
	const [trainings, supervisions, entries] = await Promise.all([
		Training.find({ 'attendees.organization': organization, deletedAt: null }, { title: 1, heldOn: 1, attendees: 1 })
			.sort({ heldOn: -1 })
			.limit(mostOfOne.days * organizations.length)
			.lean(),
		Supervision.find({ organizations: organization, deletedAt: null }, { topic: 1, heldOn: 1, organizations: 1 })
			.sort({ heldOn: -1 })
			.limit(mostOfOne.days * organizations.length)
			.lean(),
		GroupEntry.find({ organization, deletedAt: null }, { organization: 1, kind: 1, day: 1, content: 1 })
			.limit(mostOfOne.entries * organizations.length)
			.lean()
	]);
	const found = new Map<string, StoredTools>(organizations.map((id) => [id, { trainings: [], supervisions: [], entries: [] }]));
	for (const { _id, title, heldOn, attendees } of trainings)
		for (const id of new Set(attendees.map((one) => one.organization)))
			found.get(id)?.trainings.push({
				id: _id.toHexString(),
				label: title,
				heldOn,
				attendees: attendees.filter((one) => one.organization === id).map(({ member }) => member)
			});
	for (const { _id, topic, heldOn, organizations: about } of supervisions)
		for (const id of new Set(about)) found.get(id)?.supervisions.push({ id: _id.toHexString(), label: topic, heldOn });
	for (const { _id, organization: id, kind, day, content } of entries)
		found.get(id)?.entries.push({ id: _id.toHexString(), label: content.title, kind, day });
	return found;
};

/** What to call each of the records where a figure opens them. */
export const toolLabels = (tools: StoredTools): [string, { label: string; day: string | null }][] => [
	...[...tools.trainings, ...tools.supervisions].map(({ id, label, heldOn }): [string, { label: string; day: string }] => [id, { label, day: heldOn }]),
	...tools.entries.map(({ id, label, day }): [string, { label: string; day: string | null }] => [id, { label, day: day || null }])
];

/** The last day on which one of these tools recorded something about the group, up to today; '' when none did. */
export const latestToolEvidence = async (organization: string, today: string): Promise<string> => {
	const newest = { heldOn: -1 } as const;
	const [training, supervision, service, entry] = await Promise.all([
		Training.findOne({ 'attendees.organization': organization, deletedAt: null }, { heldOn: 1 }).sort(newest).lean(),
		Supervision.findOne({ organizations: organization, deletedAt: null }, { heldOn: 1 }).sort(newest).lean(),
		ServiceEntry.findOne({ organization, deletedAt: null }, { heldOn: 1 }).sort(newest).lean(),
		GroupEntry.findOne({ organization, deletedAt: null, day: { $lte: today } }, { day: 1 }).sort({ day: -1 }).lean()
	]);
	return [training?.heldOn, supervision?.heldOn, service?.heldOn, entry?.day].reduce<string>((last, day) => (day && day > last ? day : last), '');
};

/** The day of the last supervision of a group, whatever way it was recorded; '' for none. */
export const latestSupervision = async (organization: string, today: string): Promise<string> =>
	(await Supervision.findOne({ organizations: organization, deletedAt: null, heldOn: { $lte: today } }, { heldOn: 1 }).sort({ heldOn: -1 }).lean())
		?.heldOn ?? '';
