import type { Actor } from '#lib/domain/accounts/types.ts';
import type { TextPair } from '#lib/domain/organizations/criteria.ts';
import { criteriaOf, type GateDefinitions } from '#lib/domain/organizations/criteria.ts';
import type { GateName } from '#lib/domain/organizations/lifecycle.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { packCursor, unpackCursor, type Page, type PageInput } from '#lib/server/platform/db/index.ts';
import { loadFor } from '../access.ts';
import { gateDefinitionsOf } from '../standards.ts';
import { Assessment } from '../model.ts';
import { Activity, Meeting } from '../records-model.ts';
import { momentOf, toolEvents, type TimelineEvent } from './timeline-sources.ts';

const criterionLabel = (definitions: GateDefinitions, gate: GateName | null, key: string | null): TextPair | null => {
	if (!gate || !key) return null;
	const all = (['station_led', 'self_developing'] as const).flatMap((mode) => criteriaOf(definitions, gate, mode));
	return all.find((criterion) => criterion.key === key)?.label ?? null;
};

/** Everything that happened, newest first, a page at a time: what was decided, what took place, how it was assessed. */
export const organizationTimeline = async (actor: Actor, id: string, page: PageInput): Promise<Page<TimelineEvent>> => {
	const organization = await loadFor(actor, id, 'organization.read');
	const after = page.cursor ? unpackCursor(page.cursor, 2) : null;
	const before = after?.[0] instanceof Date ? after[0] : null;
	const lastId = after ? String(after[1]) : '';
	const most = page.limit + 1;
	// A day's records count as its first instant; several on one instant are told apart by id.
	const day = before ? { heldOn: { $lte: dayOf(before) } } : {};
	const newest = { heldOn: -1, _id: -1 } as const;
	const [definitions, activities, meetings, assessments, tools] = await Promise.all([
		gateDefinitionsOf(organization),
		Activity.find({ organization: id, deletedAt: null, ...day }, { kind: 1, title: 1, heldOn: 1, enteredBy: 1, attendees: 1, guests: 1, createdAt: 1, reflection: 1 })
			.sort(newest)
			.limit(most + 20)
			.lean(),
		Meeting.find({ organization: id, deletedAt: null, ...day }, { title: 1, heldOn: 1, enteredBy: 1, createdAt: 1 })
			.sort(newest)
			.limit(most + 20)
			.lean(),
		Assessment.find({ organization: id, ...(before ? { at: { $lte: before } } : {}) }, { by: 1, author: 1, at: 1, overall: 1 })
			.sort({ at: -1, _id: -1 })
			.limit(most + 20)
			.lean(),
		toolEvents(id, { until: before ? dayOf(before) : null, most: most + 20 })
	]);
	const plain = { reason: '', gate: null, criterion: null };
	const events: TimelineEvent[] = [
		...organization.history.map((item) => ({
			id: item.key,
			at: item.at,
			code: item.action,
			who: item.by.name,
			title: String(item.detail.title ?? ''),
			reason: item.reason,
			gate: item.gate,
			criterion: criterionLabel(definitions, item.gate, item.criterion),
			detail: item.detail
		})),
		...activities.map((item) => ({
			...plain,
			reason: item.reflection,
			id: item._id.toHexString(),
			at: momentOf(item.heldOn, item.createdAt),
			code: item.kind,
			who: item.enteredBy.name,
			title: item.title,
			detail: { attendances: item.attendees.length + item.guests }
		})),
		...meetings.map((item) => ({
			...plain,
			id: item._id.toHexString(),
			at: momentOf(item.heldOn, item.createdAt),
			code: 'meeting' as const,
			who: item.enteredBy.name,
			title: item.title,
			detail: {}
		})),
		...assessments.map((item) => ({
			...plain,
			id: item._id.toHexString(),
			at: item.at,
			code: item.by === 'self' ? ('assessed_self' as const) : ('assessed_station' as const),
			who: item.author.name,
			title: '',
			detail: { overall: item.overall }
		})),
		...tools
	];
	const rows = events
		.filter((event) => !before || event.at < before || (event.at.getTime() === before.getTime() && event.id < lastId))
		.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1));
	const items = rows.slice(0, page.limit);
	const last = items.at(-1);
	return { items, next: rows.length > page.limit && last ? packCursor([last.at, last.id]) : null };
};
