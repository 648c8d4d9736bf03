import type { Actor } from '#lib/domain/accounts/types.ts';
import { suggestByRank } from '#lib/domain/judging/decision.ts';
import type { DecisionInput } from '#lib/domain/judging/types.ts';
import type { Issue } from '#lib/domain/shared/issues.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey } from '#lib/server/platform/db/index.ts';
import { conflict, invalid, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { chainOf, competitionFor } from '../access.ts';
import { allRankingRows } from '../ranking-store.ts';
import { Decision, type Award, type DecisionDocument, type RankingRow } from '../results-model.ts';

/** A decision as it stands. Money in fen. */
export type DecisionState = { rows: Record<string, Award>; total: number; fund: number; version: number };

const stateOf = (competition: CompetitionView, decision: DecisionDocument | null): DecisionState => ({
	rows: decision?.rows ?? {},
	total: decision?.total ?? 0,
	fund: competition.fund,
	version: decision?.version ?? 0
});

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
	const competition = await competitionFor(actor, competitionId, 'competition.decide');
	if (competition.state !== 'deliberation') throw conflict('decide_not_now');
	const { rows: ranking } = await allRankingRows(competition);
	const rows = new Map(ranking.map((row) => [row.proposal, row]));
	const issues = issuesOf(competition, rows, input);
	if (issues.length > 0) throw invalid(issues);
	for (let look = 0; look < 10; look += 1) {
		const before = await Decision.findById(competitionId).lean();
		if (input.version !== undefined && input.version !== (before?.version ?? 0)) throw stale(stateOf(competition, before));
		if (before && before.publishedAs !== null) throw conflict('decide_not_now');
		const next = merge(ranking, before, input);
		const total = Object.values(next).reduce((sum, award) => sum + award.amount, 0);
		if (total > competition.fund)
			throw conflict(
				'decide_above_fund',
				{ over: (total - competition.fund) / 100, fund: competition.fund / 100 },
				stateOf(competition, before)
			);
		const after = await replace(competitionId, before, {
			rows: next,
			total,
			updatedAt: now(),
			byName: actor.kind === 'user' ? actor.name : ''
		});
		if (!after) continue;
		await recordAct({
			chain: chainOf(competitionId),
			actor,
			action: 'awards_decided',
			subject: competitionId,
			detail: { version: after.version, total, funded: Object.values(next).filter((award) => award.outcome === 'fund').length }
		});
		return stateOf(competition, after);
	}
	throw stale(stateOf(competition, await Decision.findById(competitionId).lean()));
};

const merge = (ranking: readonly RankingRow[], before: DecisionDocument | null, input: DecisionInput): Record<string, Award> => {
	const named = input.awards.map(({ proposal, outcome, amount, reason }) => [proposal, { outcome, amount, reason }] as const);
	const rest = input.rest === 'keep' ? (before?.rows ?? {}) : Object.fromEntries(ranking.map((row) => [row.proposal, emptyAward]));
	return { ...rest, ...Object.fromEntries(named) };
};

/** The one write that decides: null when somebody else was first. */
const replace = async (
	_id: string,
	before: DecisionDocument | null,
	next: Pick<DecisionDocument, 'rows' | 'total' | 'updatedAt' | 'byName'>
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

/** Decides as the ranking says: from the top down as far as the fund reaches. Reasons already given are kept. */
export const decideByRank = async (actor: Actor, competitionId: string, version?: number): Promise<DecisionState> => {
	const competition = await competitionFor(actor, competitionId, 'competition.decide');
	const [{ rows }, before] = await Promise.all([allRankingRows(competition), Decision.findById(competitionId).lean()]);
	const cap = Math.max(...competition.tracks.map((track) => track.cap));
	const asked = rows.map(({ proposal, rank, requested }) => ({ proposal, rank, requested: Math.min(requested, cap) }));
	const awards = suggestByRank(asked, competition.fund).map((award) => ({
		...award,
		outcome: award.outcome === 'fund' && award.amount === 0 ? ('decline' as const) : award.outcome,
		reason: before?.rows[award.proposal]?.reason ?? ''
	}));
	return decide(actor, competitionId, { awards, rest: 'keep', version });
};
