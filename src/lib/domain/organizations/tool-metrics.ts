import type { EntryKind } from './tool-terms.ts';

/** What the group's own tools recorded, as far as gates are computed from it. Days are `YYYY-MM-DD`. */
export type ToolRecords = {
	/** Trainings of the station with the group's members who came. */
	trainings: readonly { id: string; heldOn: string; attendees: readonly string[] }[];
	/** Supervision sessions about the group. */
	supervisions: readonly { id: string; heldOn: string }[];
	/** `day` is the day it counts on, '' while it does not. */
	entries: readonly { id: string; kind: EntryKind; day: string }[];
};

type Span = { from: string; today: string };
type Records = { tools?: ToolRecords };
type Found = { figure: number; evidence: { kind: 'training' | 'supervision' | 'entry'; id: string }[] };

const within = (day: string, { from, today }: Span): boolean => day !== '' && day > from && day <= today;
const found = (kind: Found['evidence'][number]['kind'], items: readonly { id: string }[]): Found => ({
	figure: items.length,
	evidence: items.map(({ id }) => ({ kind, id }))
});

const entriesOf =
	(kind: EntryKind) =>
	({ tools }: Records, span: Span): Found =>
		found('entry', (tools?.entries ?? []).filter((entry) => entry.kind === kind && within(entry.day, span)));

/** Trainings of the station at which one of these members was; beside those the group recorded itself. */
export const stationTrainings = ({ tools }: Records, span: Span, core: ReadonlySet<string>): Found =>
	found('training', (tools?.trainings ?? []).filter(({ heldOn, attendees }) => within(heldOn, span) && attendees.some((id) => core.has(id))));

/** Supervision sessions about the group; beside those recorded as activities. */
export const supervisionsAbout = ({ tools }: Records, span: Span): Found =>
	found('supervision', (tools?.supervisions ?? []).filter(({ heldOn }) => within(heldOn, span)));

/** Metrics that come from these records alone. */
export const toolMeasurers = {
	projects_closed: entriesOf('project'),
	accounts_published: entriesOf('accounts'),
	outside_resources: entriesOf('resource')
};
