import type { CompetitionView, PublicCompetition } from '#lib/server/modules/competitions/index.ts';
import { stationsByIds } from '#lib/server/modules/stations/index.ts';

/** Names by id of every station a call's rules name, now or before an amendment. */
export const placesOfCall = async ({ station, eligibility, amendments }: Pick<CompetitionView | PublicCompetition, 'station' | 'eligibility' | 'amendments'>): Promise<[string, string][]> => {
	const earlier = amendments.flatMap(({ changes = [] }) =>
		changes.flatMap((change) => (change.part === 'eligibility' ? [...change.before.catchment, ...change.after.catchment] : []))
	);
	const stations = await stationsByIds([station, ...eligibility.catchment, ...earlier]);
	return [...stations.values()].map(({ id, name }) => [id, name]);
};

/** The rules an amendment can change, as they are now: for showing what changed beside them. */
export const rulesOf = ({ station, fund, tracks, eligibility, budgetRules, rounds, bonus, noticeDays }: CompetitionView) => ({
	...{ station, fund, tracks, eligibility, budgetRules, rounds, bonus, noticeDays }
});
