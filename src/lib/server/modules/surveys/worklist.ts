import { scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { addDays, dayOf, dayStart } from '#lib/domain/shared/days.ts';
import { enoughResponses } from '#lib/domain/surveys/terms.ts';
import { now } from '#lib/server/platform/clock.ts';
import { organizationsFacts } from '../organizations/index.ts';
import { Survey } from './model.ts';
import { countsOf } from './view.ts';

/** A survey that ends within so many days and has few answers asks for somebody to knock on doors. */
const soonDays = 14;

/** What surveys ask of a person: open ones with few answers near their last day. Three reads at most. */
export const surveyWork = async (actor: Actor): Promise<WorkItem[]> => {
	if (actor.kind !== 'user') return [];
	const stations = scopeIds(actor, 'station', ['head', 'worker']);
	const heads = new Set(scopeIds(actor, 'station', ['head']));
	const own = scopeIds(actor, 'organization', ['leader', 'member']);
	if (stations.length + own.length === 0) return [];
	const today = dayOf(now());
	const near = { state: 'open' as const, kind: 'needs' as const, deletedAt: null, closesOn: { $gte: today, $lte: addDays(today, soonDays) } };
	const [atStations, ofOwn] = await Promise.all([
		stations.length > 0 ? Survey.find({ station: { $in: stations }, ...near }).limit(200).lean() : [],
		own.length > 0 ? Survey.find({ organization: { $in: own }, ...near }).limit(50).lean() : []
	]);
	const found = [...new Map([...atStations, ...ofOwn].map((survey) => [survey._id.toHexString(), survey])).values()];
	if (found.length === 0) return [];
	const [counts, facts] = await Promise.all([
		countsOf(found.map(({ _id }) => _id.toHexString())),
		organizationsFacts(found.flatMap(({ organization }) => organization ?? []))
	]);
	return found.flatMap((survey): WorkItem[] => {
		const id = survey._id.toHexString();
		const count = counts.get(id) ?? 0;
		const organization = survey.organization ? facts.get(survey.organization) : undefined;
		const mine =
			(survey.organization !== null && own.includes(survey.organization)) ||
			heads.has(survey.station) ||
			survey.createdBy.id === actor.id ||
			organization?.mentor === actor.id ||
			organization?.secondMentor === actor.id;
		if (!mine || count >= enoughResponses) return [];
		return [
			{
				code: 'survey_few',
				params: { title: survey.title, count, target: enoughResponses },
				href: `/app/surveys/${id}`,
				due: dayStart(addDays(survey.closesOn, 1)).toISOString(),
				urgency: 2
			}
		];
	});
};
