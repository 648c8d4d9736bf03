import type { Actor } from '#lib/domain/accounts/types.ts';
import { bestAwardSet, bestByRank, type AwardSet, type Candidate, type Quota } from '#lib/domain/judging/award-set.ts';
import { unexplained } from '#lib/domain/judging/decision.ts';
import type { Outcome } from '#lib/domain/judging/types.ts';
import { solveBinary } from '#lib/server/platform/integer-programme.ts';
import { conflict, forbidden } from '#lib/server/platform/errors.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { organizationsFacts } from '../../organizations/index.ts';
import { passedProposals } from '../../proposals/index.ts';
import { stationsByIds } from '../../stations/index.ts';
import { competitionFor } from '../access.ts';
import { allRankingRows } from '../ranking-store.ts';
import { Decision, type RankingRow } from '../results-model.ts';
import { decidingRights } from '../room.ts';
import { decide, type DecisionState } from './decide.ts';

/** A group proposals belong to, for which a quota may be set. `label` is empty where the key has words of its own. */
export type QuotaGroup = { key: string; kind: 'track' | 'community' | 'category'; value: string; label: string; members: Set<string> };

/** What is asked of a group: how many of it are funded at least and at most. */
export type QuotaWish = { key: string; min: number | null; max: number | null };

export type SetRow = Pick<RankingRow, 'proposal' | 'number' | 'title' | 'organizationName' | 'rank' | 'requested'> & { amount: number };
export type SuggestedSet = { groups: QuotaGroup[]; rows: SetRow[]; fund: number; set: AwardSet; left: number; version: number };

const groupsOf = async (competition: CompetitionView, shown: ReadonlySet<string>): Promise<QuotaGroup[]> => {
	const proposals = (await passedProposals(competition.id)).filter(({ id }) => shown.has(id));
	const organizations = await organizationsFacts([...new Set(proposals.map(({ organization }) => organization))]);
	const stations = await stationsByIds([...organizations.values()].map(({ station }) => station));
	const groups = new Map<string, QuotaGroup>();
	const put = (kind: QuotaGroup['kind'], value: string, label: string, proposal: string): void => {
		const key = `${kind}:${value}`;
		const group = groups.get(key) ?? { key, kind, value, label, members: new Set<string>() };
		group.members.add(proposal);
		groups.set(key, group);
	};
	for (const { id, track, organization } of proposals) {
		put('track', track, competition.tracks.find(({ key }) => key === track)?.label ?? track, id);
		const facts = organizations.get(organization);
		if (!facts) continue;
		put('category', facts.category, '', id);
		const station = stations.get(facts.station);
		for (const community of facts.communities)
			put('community', `${facts.station}-${community}`, station?.communities.find(({ key }) => key === community)?.name ?? community, id);
	}
	const order = { track: 0, community: 1, category: 2 };
	return [...groups.values()].sort((a, b) => order[a.kind] - order[b.kind] || b.members.size - a.members.size || (a.key < b.key ? -1 : 1));
};

/**
 * The best set of awards within the fund, by rank and keeping quotas (see `bestAwardSet`). Items the actor has left the
 * room for are not in it; money is set aside for those of them that the ranking alone would fund.
 */
export const suggestAwardSet = async (actor: Actor, id: string, wishes: readonly QuotaWish[]): Promise<SuggestedSet> => {
	const competition = await competitionFor(actor, id, 'competition.readScores');
	const { mayDecide, hidden, only } = await decidingRights(actor, competition);
	if (!mayDecide || only !== null) throw forbidden();
	if (competition.state !== 'deliberation') throw conflict('decide_not_now');
	const [{ rows: all }, decision] = await Promise.all([allRankingRows(competition), Decision.findById(id, { version: 1 }).lean()]);
	const cap = Math.max(...competition.tracks.map((track) => track.cap));
	const asked = all.flatMap((row): Candidate[] =>
		row.rank !== null && row.requested > 0 ? [{ proposal: row.proposal, rank: row.rank, amount: Math.min(row.requested, cap) }] : []
	);
	const amounts = new Map(asked.map(({ proposal, amount }) => [proposal, amount]));
	const aside = bestByRank(asked, competition.fund).reduce((sum, proposal) => sum + (hidden.has(proposal) ? (amounts.get(proposal) ?? 0) : 0), 0);
	const rows = all.filter(({ proposal }) => !hidden.has(proposal));
	const groups = await groupsOf(competition, new Set(rows.map(({ proposal }) => proposal)));
	const quotas = wishes.flatMap(({ key, min, max }): Quota[] => {
		const group = groups.find((one) => one.key === key);
		return group ? [{ key, members: group.members, min, max }] : [];
	});
	const set = await bestAwardSet(asked.filter(({ proposal }) => !hidden.has(proposal)), competition.fund - aside, quotas, solveBinary);
	return {
		groups,
		rows: rows.map(({ proposal, number, title, organizationName, rank, requested }) => ({
			...{ proposal, number, title, organizationName, rank, requested },
			amount: amounts.get(proposal) ?? 0
		})),
		fund: competition.fund - aside,
		set,
		left: hidden.size,
		version: decision?.version ?? 0
	};
};

/** Words for what departs from the ranking: a move the quotas made, or (null) a request the remaining money does not cover. */
export type SetWords = (because: readonly QuotaGroup[] | null, to: 'in' | 'out') => string;

const reserves = 2;

/** Decides as {@link suggestAwardSet} suggests: the set is funded, the next two by rank are put in reserve, the rest declined. */
export const decideBySet = async (
	actor: Actor,
	id: string,
	wishes: readonly QuotaWish[],
	version: number,
	words: SetWords
): Promise<DecisionState> => {
	const { set, rows, groups } = await suggestAwardSet(actor, id, wishes);
	if (set.funded === null) throw conflict('award_set_impossible');
	const funded = new Set(set.funded);
	let waiting = reserves;
	const plain = rows.map((row) => {
		const outcome: Outcome = funded.has(row.proposal) ? 'fund' : row.rank !== null && waiting-- > 0 ? 'reserve' : 'decline';
		return { proposal: row.proposal, rank: row.rank, outcome, amount: outcome === 'fund' ? row.amount : 0, reason: '' };
	});
	const departs = new Set(unexplained(plain));
	const awards = plain.map(({ rank: _rank, ...award }) => {
		const move = set.moves.find(({ proposal }) => proposal === award.proposal);
		const because = move && groups.filter(({ key }) => move.because.includes(key));
		const to = award.outcome === 'fund' ? 'in' : 'out';
		if (because) return { ...award, reason: words(because, to) };
		return departs.has(award.proposal) ? { ...award, reason: words(null, to) } : award;
	});
	return decide(actor, id, { awards, rest: 'keep', version });
};
