import { z } from 'zod';
import { adopts, draftFrom, type DocumentText } from '#lib/domain/organizations/charters.ts';
import { motionOutcome } from '#lib/domain/organizations/meetings.ts';
import { countsOn, entrySchema, type EntryInput } from '#lib/domain/organizations/projects.ts';
import { documentKinds, serviceKinds, supervisionForms, supervisionSources } from '#lib/domain/organizations/tool-terms.ts';
import { addDays, dayStart } from '#lib/domain/shared/days.ts';
import { lineSchema, requiredLineSchema, slugSchema, textSchema } from '#lib/domain/shared/fields.ts';
import { stationById } from '../stations/index.ts';
import { Charter, type CharterDocument, type CharterVersion } from './charter-model.ts';
import { charterTemplate } from './defaults.ts';
import { insertAll, organizationIdForKey, personNamed, seedId, type ImportContext } from './imports.ts';
import type { OrganizationSeed } from './seed-schema.ts';
import type { Person } from './model.ts';
import { refreshSummaries } from './station-work.ts';
import { GroupEntry, ServiceEntry, Supervision, Training, type EntryDocument, type ServiceEntryDocument, type SupervisionDocument, type TrainingDocument } from './tools-model.ts';

const key = slugSchema;
const past = z.int().min(-20_000).max(0);

/** What stations and groups did beside meeting and being active, as `seeds/demo/group-tools.json` holds it. */
export const groupToolsSeedSchema = z.object({
	trainings: z.array(
		z.object({
			station: key,
			title: requiredLineSchema(60),
			topic: lineSchema(60).default(''),
			day: past,
			hours: z.number().min(0),
			trainer: lineSchema(40),
			place: lineSchema(80).default(''),
			/** Positions in the members of each group. */
			attendees: z.record(key, z.array(z.int().min(0))),
			staff: z.array(key).default([]),
			by: key
		})
	),
	supervisions: z.array(
		z.object({
			station: key,
			source: z.enum(supervisionSources),
			form: z.enum(supervisionForms),
			day: past,
			hours: z.number().min(0).default(0),
			/** An account's key, or the name of somebody from outside. */
			supervisor: requiredLineSchema(40),
			workers: z.array(key).min(1),
			organizations: z.array(key).default([]),
			topic: requiredLineSchema(80),
			advice: textSchema(4000).default(''),
			followUps: z.array(z.object({ text: requiredLineSchema(200), owner: key, dueDay: z.int(), doneDay: past.optional() })).default([])
		})
	),
	services: z.array(
		z.object({
			station: key,
			kind: z.enum(serviceKinds),
			day: past,
			people: z.int().min(1),
			attendances: z.int().min(1),
			hours: z.number().min(0).default(0),
			organization: key.optional(),
			note: textSchema(200).default(''),
			by: key
		})
	),
	/** Days are offsets here: fields ending in `Day` become the days of the entry. */
	entries: z.array(z.object({ organization: key, by: requiredLineSchema(40), content: z.record(z.string(), z.union([z.string(), z.number(), z.null()])) }))
});
export type GroupToolsSeed = z.infer<typeof groupToolsSeedSchema>;

const dayFields: Record<string, string> = { startedDay: 'startedOn', closedDay: 'closedOn', publishedDay: 'publishedOn', receivedDay: 'receivedOn', fromDay: 'from', toDay: 'to' };

/** The documents a group adopted, from the votes its history tells of: the template's text, in force from the vote. */
const chartersOf = async (seed: OrganizationSeed, context: ImportContext): Promise<CharterDocument[]> => {
	const organization = organizationIdForKey(seed.key);
	const votes = seed.meetings.flatMap((meeting, at) => meeting.motions.filter((motion) => motionOutcome(meeting, motion).carried).map((motion) => ({ meeting, at, motion })));
	const kinds = documentKinds.filter((kind) => votes.some(({ motion }) => adopts(kind, motion)));
	if (kinds.length === 0) return [];
	const station = await stationById(context.station(seed.station).id);
	const place = seed.meetings.find((meeting) => meeting.place !== '')?.place ?? '社区活动室';
	const facts = {
		name: seed.name,
		community: station.communities.find((community) => community.key === seed.communities[0])?.name ?? station.name,
		station: station.name,
		purpose: seed.purpose,
		services: seed.purpose,
		term: '2',
		meeting_cycle: '每月',
		place
	};
	const by: Person = { id: null, name: seed.applied.name };
	return kinds.flatMap((kind) => {
		const vote = votes.find(({ motion }) => adopts(kind, motion));
		if (!vote) return [];
		const day = addDays(context.today, vote.meeting.day);
		const text: DocumentText = draftFrom(charterTemplate, kind, facts);
		const version: CharterVersion = { ...text, number: 1, note: '', at: dayStart(addDays(day, -7)), by, meeting: seedId(seed.key, 'meeting', vote.at).toHexString(), inForceOn: day };
		return [{ _id: seedId(seed.key, 'charter', kind), organization, kind, draft: null, draftBy: null, draftAt: null, states: [], versions: [version], version: 2 }];
	});
};

/**
 * Loads charters, trainings, supervision, the service log and entries of groups that were loaded before: the door for
 * demo data only, since it asks no rights. What is there already stays.
 */
export const importGroupTools = async (seed: GroupToolsSeed, organizations: readonly OrganizationSeed[], context: ImportContext): Promise<void> => {
	if (await Charter.exists({})) return;
	const byKey = new Map(organizations.map((organization) => [organization.key, organization]));
	const day = (offset: number): string => addDays(context.today, offset);
	const person = (name: string): Person => personNamed(name, context);
	const placed = (station: string, by: string, at: number) => {
		const { id, path } = context.station(station);
		return { station: id, stationPath: path, enteredBy: person(by), createdAt: new Date(dayStart(day(at)).getTime() + 17 * 3_600_000), deletedAt: null, version: 0 };
	};
	const charters = (await Promise.all(organizations.map((organization) => chartersOf(organization, context)))).flat();
	const trainings = seed.trainings.map(
		({ station, day: at, attendees, staff, by, ...training }, index): TrainingDocument => ({
			...placed(station, by, at),
			...training,
			_id: seedId('training', index),
			heldOn: day(at),
			note: '',
			staff: staff.map(person),
			attendees: Object.entries(attendees).flatMap(([group, positions]) =>
				positions.map((position) => ({
					organization: organizationIdForKey(group),
					member: seedId(group, 'member', position).toHexString(),
					name: byKey.get(group)?.members[position]?.name ?? ''
				}))
			)
		})
	);
	const supervisions = seed.supervisions.map(({ station, day: at, supervisor, workers, organizations: groups, followUps, ...session }, index): SupervisionDocument => {
		const agreed = followUps.map(({ text, owner, dueDay, doneDay }, place) => ({
			key: `f${place + 1}`,
			text,
			owner: person(owner),
			dueOn: day(dueDay),
			doneAt: doneDay === undefined ? null : dayStart(day(doneDay)),
			doneBy: doneDay === undefined ? null : person(owner)
		}));
		return {
			...placed(station, supervisor, at),
			...session,
			_id: seedId('supervision', index),
			heldOn: day(at),
			supervisor: person(supervisor),
			workers: workers.map(person),
			organizations: groups.map(organizationIdForKey),
			followUps: agreed,
			openOwners: [...new Set(agreed.flatMap(({ doneAt, owner }) => (doneAt === null && owner.id ? [owner.id] : [])))]
		};
	});
	const services = seed.services.map(
		({ station, day: at, organization, by, ...service }, index): ServiceEntryDocument => ({
			...placed(station, by, at),
			...service,
			_id: seedId('service', index),
			heldOn: day(at),
			community: '',
			organization: organization ? organizationIdForKey(organization) : '',
			worker: person(by)
		})
	);
	const entries = seed.entries.map(({ organization, by, content }, index): EntryDocument => {
		const dated = Object.fromEntries(Object.entries(content).map(([field, value]) => (dayFields[field] ? [dayFields[field], day(Number(value))] : [field, value])));
		const parsed: EntryInput = entrySchema.parse(dated);
		return {
			_id: seedId('entry', index),
			organization: organizationIdForKey(organization),
			kind: parsed.kind,
			day: countsOn(parsed),
			content: parsed,
			enteredBy: person(by),
			createdAt: dayStart(countsOn(parsed) || day(-14)),
			deletedAt: null,
			version: 0
		};
	});
	await insertAll(Charter, charters);
	await insertAll(Training, trainings);
	await insertAll(Supervision, supervisions);
	await insertAll(ServiceEntry, services);
	await insertAll(GroupEntry, entries);
	await refreshSummaries([
		...trainings.flatMap(({ attendees }) => attendees.map(({ organization }) => organization)),
		...supervisions.flatMap((session) => session.organizations),
		...services.flatMap(({ organization }) => (organization ? [organization] : [])),
		...entries.map(({ organization }) => organization)
	]);
};
