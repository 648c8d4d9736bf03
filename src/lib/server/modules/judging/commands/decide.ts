import type { Actor } from '#lib/domain/accounts/types.ts';
import { suggestByRank } from '#lib/domain/judging/decision.ts';
import type { DecisionInput } from '#lib/domain/judging/types.ts';
import type { Issue } from '#lib/domain/shared/issues.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, invalid, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { chainOf, competitionFor } from '../access.ts';
import { allRankingRows } from '../ranking-store.ts';
import { Decision, type Award, type DecisionDocument, type RankingRow } from '../results-model.ts';
import { decidingRights, type DecidingRights } from '../room.ts';

/** A decision as it stands. Money in fen. */
export type DecisionState = { rows: Record<string, Award>; total: number; fund: number; version: number };

/** What the actor may know of the decision: nothing of items they have left the room for. */
const stateOf = (competition: CompetitionView, decision: DecisionDocument | null, hidden: ReadonlySet<string>): DecisionState => {
	const rows = Object.entries(decision?.rows ?? {}).filter(([proposal]) => !hidden.has(proposal));
	return {
		rows: Object.fromEntries(rows),
		total: rows.reduce((sum, [, award]) => sum + award.amount, 0),
		fund: competition.fund,
		version: decision?.version ?? 0
	};
};

const emptyAward: Award = { outcome: 'decline', amount: 0, reason: '' };

/** What each named row must keep to: a ranked proposal of this competition, no more than it asked for and may get. */
const issuesOf = (competition: CompetitionView, rows: ReadonlyMap<string, RankingRow>, input: DecisionInput): Issue[] => {
	const cap = Math.max(...competition.tracks.map((track) => track.cap));
	const seen = new Set<string>();
	return input.awards.flatMap(({ proposal, outcome, amount }, at): Issue[] => {
		const row = rows.get(proposal);
		if (!row || seen.has(proposal)) return [{ path: `awards[${at}].proposal`, code: row ? 'decide_twice' : 'decide_unknown' }];
		seen.add(proposal);
		const path = `awards[${at}].amount`;
		if (outcome !== 'fund') return amount === 0 ? [] : [{ path, code: 'decide_amount_without_fund', params: { number: row.number } }];
		if (amount === 0) return [{ path, code: 'decide_amount_missing', params: { number: row.number } }];
		const most = Math.min(row.requested, cap);
		return amount > most ? [{ path, code: 'decide_above_request', params: { number: row.number, yuan: most / 100 } }] : [];
	});
};

/**
 * Decides awards. All of them live in one document that is only ever replaced in the version it was read in, so
 * whatever happens at once, their total stays within the fund (409 `decide_above_fund` otherwise). With a `version`
 * that is no longer the latest: 409 with `current`.
 */
export const decide = async (actor: Actor, competitionId: string, input: DecisionInput): Promise<DecisionState> => {
	const { competition, hidden, only } = await decidingIn(actor, competitionId);
	if (competition.state !== 'deliberation') throw conflict('decide_not_now');
	// What somebody has left the room for is as unknown to them as what is not there.
	const { rows: all } = await allRankingRows(competition);
	const ranking = all.filter(({ proposal }) => !hidden.has(proposal) && (only?.has(proposal) ?? true));
	const ranked = new Set(all.map(({ proposal }) => proposal));
	const rows = new Map(ranking.map((row) => [row.proposal, row]));
	const issues = issuesOf(competition, rows, input);
	if (issues.length > 0) throw invalid(issues);
	for (let look = 0; look < 10; look += 1) {
		const before = await Decision.findById(competitionId).lean();
		if (input.version !== undefined && input.version !== (before?.version ?? 0)) throw stale(stateOf(competition, before, hidden));
		if (before && before.publishedAs !== null) throw conflict('decide_not_now');
		const next = merge(ranking, ranked, before, input);
		const total = Object.values(next).reduce((sum, award) => sum + award.amount, 0);
		if (total > competition.fund)
			throw hidden.size > 0
				? conflict('decide_above_fund_unseen', {}, stateOf(competition, before, hidden))
				: conflict(
						'decide_above_fund',
						{ over: (total - competition.fund) / 100, fund: competition.fund / 100 },
						stateOf(competition, before, hidden)
					);
		const after = await replace(competitionId, before, {
			rows: next,
			total,
			updatedAt: now(),
			byName: actor.kind === 'user' ? actor.name : '',
			deciders: [...new Set([...(before?.deciders ?? []), ...(actor.kind === 'user' ? [actor.id] : [])])]
		});
		if (!after) continue;
		await recordAct({
			chain: chainOf(competitionId),
			actor,
			action: 'awards_decided',
			subject: competitionId,
			detail: { version: after.version, total, funded: Object.values(next).filter((award) => award.outcome === 'fund').length }
		});
		return stateOf(competition, after, hidden);
	}
	throw stale(stateOf(competition, await Decision.findById(competitionId).lean(), hidden));
};

/** `ranking` is what this actor decides, `ranked` all there is: the decisions of others stay, those of withdrawn proposals go. */
const merge = (
	ranking: readonly RankingRow[],
	ranked: ReadonlySet<string>,
	before: DecisionDocument | null,
	input: DecisionInput
): Record<string, Award> => {
	const named = input.awards.map(({ proposal, outcome, amount, reason }) => [proposal, { outcome, amount, reason }] as const);
	const declined = input.rest === 'keep' ? {} : Object.fromEntries(ranking.map((row) => [row.proposal, emptyAward]));
	const kept = Object.fromEntries(Object.entries(before?.rows ?? {}).filter(([proposal]) => ranked.has(proposal)));
	return { ...kept, ...declined, ...Object.fromEntries(named) };
};

/** The one write that decides: null when somebody else was first. */
const replace = async (
	_id: string,
	before: DecisionDocument | null,
	next: Pick<DecisionDocument, 'rows' | 'total' | 'updatedAt' | 'byName' | 'deciders'>
): Promise<DecisionDocument | null> => {
	if (before)
		return Decision.findOneAndUpdate(
			{ _id, version: before.version, publishedAs: null },
			{ $set: next, $inc: { version: 1 } },
			{ returnDocument: 'after' }
		).lean();
	const first = { _id, ...next, publishedAs: null, version: 1 };
	try {
		await Decision.create(first);
		return first;
	} catch (error) {
		if (isDuplicateKey(error)) return null;
		throw error;
	}
};

/** The competition, if the actor may decide anything in it, with what they may not. */
const decidingIn = async (actor: Actor, id: string): Promise<{ competition: CompetitionView } & DecidingRights> => {
	const competition = await competitionFor(actor, id, 'competition.readWork');
	const rights = await decidingRights(actor, competition);
	if (!rights.mayDecide) throw forbidden();
	return { competition, ...rights };
};

/**
 * Decides as the ranking says: from the top down as far as the fund reaches. Reasons already given are kept; money for
 * items the actor has left the room for is set aside as the ranking says, and their decision left to others.
 */
export const decideByRank = async (actor: Actor, competitionId: string, version?: number): Promise<DecisionState> => {
	const { competition, hidden, only } = await decidingIn(actor, competitionId);
	const [{ rows }, before] = await Promise.all([allRankingRows(competition), Decision.findById(competitionId).lean()]);
	const cap = Math.max(...competition.tracks.map((track) => track.cap));
	const asked = rows.map(({ proposal, rank, requested }) => ({ proposal, rank, requested: Math.min(requested, cap) }));
	const own = suggestByRank(asked, competition.fund).filter(({ proposal }) => !hidden.has(proposal) && (only?.has(proposal) ?? true));
	const awards = own.map((award) => ({
		...award,
		outcome: award.outcome === 'fund' && award.amount === 0 ? ('decline' as const) : award.outcome,
		reason: before?.rows[award.proposal]?.reason ?? ''
	}));
	return decide(actor, competitionId, { awards, rest: 'keep', version });
};
