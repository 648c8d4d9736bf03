import type { Actor } from '#lib/domain/accounts/types.ts';
import type { ScoringRule } from '#lib/domain/competitions/types.ts';
import { isBlind } from '#lib/domain/judging/blind.ts';
import { groupsOf } from '#lib/domain/judging/groups.ts';
import { passedProposals } from '../../proposals/index.ts';
import { competitionFor } from '../access.ts';
import { Scorecard } from '../model.ts';
import { Advancement, BonusGrant, JuryCode, type AdvanceRule } from '../rounds-model.ts';
import { proposalsInRound } from '../round-inputs.ts';

/** A round and how far it is: counts only, no scores. */
export type RoundState = {
	key: string;
	label: string;
	kind: 'document' | 'pitch' | 'public_jury';
	weight: number;
	rule: ScoringRule;
	/** Judges do not see whose proposals they read. */
	blind: boolean;
	groups: { key: string; label: string; weight: number; by: 'judges' | 'codes'; reviews: number }[];
	proposals: number;
	assigned: number;
	submitted: number;
	codes: { open: number; used: number; revoked: number };
	/** How those who take part were found; null: everybody who passed screening. */
	advanced: { rule: AdvanceRule; n: number; reason: string; at: Date; byName: string } | null;
	/** Whether an earlier round was for some only, so that this one is for those at most. */
	narrowed: boolean;
	/** Whether anybody has begun to score it. */
	begun: boolean;
};

export type RoundsView = {
	rounds: RoundState[];
	bonus: { cap: number; reasons: { key: string; label: string; points: number }[] } | null;
	grants: { proposal: string; number: string; title: string; keys: string[]; reason: string }[];
	proposals: { id: string; number: string; title: string }[];
};

/** The rounds of a competition, who advanced, and the bonus points granted, for those who run it. */
export const readRounds = async (actor: Actor, competitionId: string): Promise<RoundsView> => {
	const competition = await competitionFor(actor, competitionId, 'competition.readWork');
	const [proposals, cards, codes, advancements, grants] = await Promise.all([
		passedProposals(competitionId),
		Scorecard.aggregate<{ _id: { round: string; status: string }; n: number }>([
			{ $match: { competition: competitionId } },
			{ $group: { _id: { round: '$round', status: '$status' }, n: { $sum: 1 } } }
		]),
		JuryCode.aggregate<{ _id: { round: string; status: string }; n: number }>([
			{ $match: { competition: competitionId } },
			{ $group: { _id: { round: '$round', status: '$status' }, n: { $sum: 1 } } }
		]),
		Advancement.find({ competition: competitionId }).lean(),
		BonusGrant.find({ competition: competitionId, keys: { $ne: [] } }).lean()
	]);
	const count = (list: typeof cards, round: string, ...statuses: string[]): number =>
		list.filter(({ _id }) => _id.round === round && statuses.includes(_id.status)).reduce((sum, { n }) => sum + n, 0);
	const titles = new Map(proposals.map((proposal) => [proposal.id, proposal]));
	const rounds = await Promise.all(
		competition.rounds.map(async (round, at): Promise<RoundState> => {
			const found = advancements.find((one) => one.round === round.key);
			const { key, label, kind, weight, rule } = round;
			return {
				...{ key, label, kind, weight, rule },
				blind: isBlind(round),
				groups: groupsOf(round),
				proposals: advancements.length > 0 ? (await proposalsInRound(competition, key)).length : proposals.length,
				narrowed: competition.rounds.slice(0, at).some((earlier) => advancements.some((one) => one.round === earlier.key)),
				assigned: count(cards, key, 'assigned', 'draft', 'submitted'),
				submitted: count(cards, key, 'submitted'),
				codes: { open: count(codes, key, 'open'), used: count(codes, key, 'used'), revoked: count(codes, key, 'revoked') },
				advanced: found ? { rule: found.rule, n: found.proposals.length, reason: found.reason, at: found.at, byName: found.byName } : null,
				begun: count(cards, key, 'draft', 'submitted') + count(codes, key, 'used') > 0
			};
		})
	);
	return {
		rounds,
		bonus: competition.bonus,
		grants: grants.map(({ _id, keys, reason }) => ({
			proposal: _id,
			number: titles.get(_id)?.number ?? '',
			title: titles.get(_id)?.title ?? '',
			keys,
			reason
		})),
		proposals: proposals.map(({ id, number, title }) => ({ id, number, title }))
	};
};
