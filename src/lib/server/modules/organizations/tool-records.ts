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

/** Reads what gates need of trainings, supervision, projects, accounts and resources: three reads. */
export const loadTools = async (organization: string): Promise<StoredTools> => {
	const [trainings, supervisions, entries] = await Promise.all([
		Training.find({ 'attendees.organization': organization, deletedAt: null }, { title: 1, heldOn: 1, attendees: 1 })
			.sort({ heldOn: -1 })
			.limit(500)
			.lean(),
		Supervision.find({ organizations: organization, deletedAt: null }, { topic: 1, heldOn: 1 }).sort({ heldOn: -1 }).limit(500).lean(),
		GroupEntry.find({ organization, deletedAt: null }, { kind: 1, day: 1, content: 1 }).limit(1000).lean()
	]);
	return {
		trainings: trainings.map(({ _id, title, heldOn, attendees }) => ({
			id: _id.toHexString(),
			label: title,
			heldOn,
			attendees: attendees.filter((one) => one.organization === organization).map(({ member }) => member)
		})),
		supervisions: supervisions.map(({ _id, topic, heldOn }) => ({ id: _id.toHexString(), label: topic, heldOn })),
		entries: entries.map(({ _id, kind, day, content }) => ({ id: _id.toHexString(), label: content.title, kind, day }))
	};
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
