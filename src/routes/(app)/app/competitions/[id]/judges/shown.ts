import type { ConflictRow, JudgeRow } from '#lib/server/modules/judging/index.ts';
import { found, sliced } from '#lib/ui/tables/in-list.ts';

const text = (query: URLSearchParams, name: string): string => (query.get(name) ?? '').slice(0, 60);

/** The judges and the conflicts the address asks for, a page of each, and what was asked. */
export const shownOf = (query: URLSearchParams, judges: readonly JudgeRow[], conflicts: readonly ConflictRow[]) => {
	const filter = {
		...{ search: text(query, 'search'), status: text(query, 'status'), group: text(query, 'group') },
		...{ pair: text(query, 'pair'), kind: text(query, 'kind') }
	};
	const people = judges.filter(
		(judge) =>
			found(filter.search, judge.name, judge.employer, ...judge.expertise) &&
			(filter.status === '' || judge.status === filter.status) &&
			(filter.group === '' || judge.group === filter.group)
	);
	const pairs = conflicts.filter(
		({ kinds, judgeName, number, title, organizationName }) =>
			found(filter.pair, judgeName, number, title, organizationName) && (filter.kind === '' || kinds.some((kind) => kind === filter.kind))
	);
	return {
		filter,
		judges: sliced(people, query.get('page'), 30),
		conflicts: sliced(pairs, query.get('pairs'), 30),
		all: { judges: judges.length, conflicts: conflicts.length, held: conflicts.filter(({ held }) => held !== null).length },
		kinds: [...new Set(conflicts.flatMap(({ kinds }) => kinds))]
	};
};
