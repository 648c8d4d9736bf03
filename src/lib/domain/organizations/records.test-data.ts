import fc from 'fast-check';
import type { Evidence, OrganizationRecords } from './metrics.ts';
import { memberRoles, motionKinds, ruleKinds } from './terms.ts';
import { documentKinds, entryKinds } from './tool-terms.ts';

const day = fc.integer({ min: 0, max: 800 }).map((n) => new Date(Date.UTC(2024, 6, 1) + n * 86_400_000).toISOString().slice(0, 10));
const id = fc.integer({ min: 0, max: 30 }).map((n) => n.toString(16).padStart(24, '0'));
const byId = { selector: (item: { id: string }) => item.id, maxLength: 12 };
const count = fc.integer({ min: 0, max: 20 });
/** Any record of an organization, with every kind of evidence in it. */
export const anyRecords: fc.Arbitrary<OrganizationRecords> = fc.record({
	members: fc.uniqueArray(
		fc.record({ id, role: fc.constantFrom(...memberRoles), prospective: fc.boolean(), joinedOn: day, leftOn: fc.oneof(day, fc.constant('')) }),
		byId
	),
	activities: fc.uniqueArray(
		fc.record({
			id,
			kind: fc.constantFrom('activity' as const, 'training' as const, 'supervision' as const),
			heldOn: day,
			organizer: fc.constantFrom('group' as const, 'worker' as const),
			attendees: fc.array(id, { maxLength: 5 }),
			guests: count,
			feedbackCount: fc.constant(20),
			satisfiedCount: count
		}),
		byId
	),
	meetings: fc.uniqueArray(
		fc.record({
			id,
			heldOn: day,
			eligible: fc.integer({ min: 1, max: 20 }),
			present: count,
			motions: fc.array(
				fc.record({
					kind: fc.constantFrom(...motionKinds),
					title: fc.constant('t'),
					candidate: id,
					rule: fc.constantFrom(...ruleKinds),
					for: count,
					against: count,
					abstain: count
				}),
				{ maxLength: 3 }
			)
		}),
		byId
	),
	proposals: fc.uniqueArray(fc.record({ id, day }), byId),
	documents: fc.array(fc.record({ kind: fc.constantFrom(...documentKinds), meeting: id, inForceOn: day }), { maxLength: 8 }),
	asked: fc.record({
		surveys: fc.uniqueArray(fc.record({ id, title: fc.constant('t'), days: fc.uniqueArray(fc.record({ day, count }), { selector: (one) => one.day, maxLength: 4 }) }), byId),
		interviews: fc.uniqueArray(fc.record({ id, heldOn: day, who: fc.constant('w') }), byId),
		needs: fc.uniqueArray(fc.record({ key: id, label: fc.constant('n'), count, firstOn: day, lastOn: day }), { selector: (one) => one.key, maxLength: 6 }),
		feedback: fc.uniqueArray(
			fc.tuple(id, count, count).map(([activity, a, b]) => ({ activity, count: Math.max(a, b), satisfied: Math.min(a, b) })),
			{ selector: (one) => one.activity, maxLength: 4 }
		)
	}),
	tools: fc.record({
		trainings: fc.uniqueArray(fc.record({ id, heldOn: day, attendees: fc.array(id, { maxLength: 5 }) }), byId),
		supervisions: fc.uniqueArray(fc.record({ id, heldOn: day }), byId),
		entries: fc.uniqueArray(fc.record({ id, kind: fc.constantFrom(...entryKinds), day: fc.oneof(day, fc.constant('')) }), byId)
	})
});

const dealt = <Item>(items: readonly Item[], dice: Iterator<number>): Item[] =>
	items
		.map((item) => ({ item, place: Number(dice.next().value) }))
		.sort((a, b) => a.place - b.place)
		.map(({ item }) => item);

/** The same records, entered in another order. */
export const shuffled = (records: OrganizationRecords, dice: Iterator<number>): OrganizationRecords => ({
	members: dealt(records.members, dice),
	activities: dealt(records.activities, dice),
	meetings: dealt(records.meetings, dice),
	proposals: dealt(records.proposals, dice),
	documents: dealt(records.documents ?? [], dice),
	...(records.asked
		? {
				asked: {
					surveys: dealt(records.asked.surveys, dice).map((survey) => ({ ...survey, days: dealt(survey.days, dice) })),
					interviews: dealt(records.asked.interviews, dice),
					needs: dealt(records.asked.needs, dice),
					feedback: dealt(records.asked.feedback, dice)
				}
			}
		: {}),
	...(records.tools
		? {
				tools: {
					trainings: dealt(records.tools.trainings, dice),
					supervisions: dealt(records.tools.supervisions, dice),
					entries: dealt(records.tools.entries, dice)
				}
			}
		: {})
});

/** Ids of everything that can be evidence. */
export const knownIds = ({ members, activities, meetings, proposals, tools, asked }: OrganizationRecords): Set<string> =>
	new Set(
		[members, activities, meetings, proposals, ...Object.values(tools ?? {}), asked?.surveys ?? [], asked?.interviews ?? []]
			.flatMap((items: readonly { id: string }[]) => items.map(({ id: one }) => one))
			.concat((asked?.needs ?? []).map(({ key }) => key))
	);

/** The records after some of them were taken back. */
export const without = (records: OrganizationRecords, evidence: readonly Evidence[]): OrganizationRecords => {
	const gone = (kind: Evidence['kind']) => new Set(evidence.filter((item) => item.kind === kind).map((item) => item.id));
	const kept = <Item extends { id: string }>(items: readonly Item[], kind: Evidence['kind']): Item[] => {
		const ids = gone(kind);
		return items.filter((item) => !ids.has(item.id));
	};
	const { tools, asked } = records;
	const needs = gone('need');
	return {
		...records,
		members: kept(records.members, 'member'),
		activities: kept(records.activities, 'activity'),
		meetings: kept(records.meetings, 'meeting'),
		proposals: kept(records.proposals, 'proposal'),
		...(tools
			? { tools: { trainings: kept(tools.trainings, 'training'), supervisions: kept(tools.supervisions, 'supervision'), entries: kept(tools.entries, 'entry') } }
			: {}),
		...(asked
			? {
					asked: {
						...asked,
						surveys: kept(asked.surveys, 'survey'),
						interviews: kept(asked.interviews, 'interview'),
						needs: asked.needs.filter(({ key }) => !needs.has(key))
					}
				}
			: {})
	};
};
