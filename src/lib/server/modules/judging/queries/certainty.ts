import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Certainty } from '#lib/domain/judging/certainty.ts';
import { resourceOf } from '../../competitions/index.ts';
import { certaintyOf } from '../certainty-store.ts';
import { leftRoomFor } from '../room.ts';
import type { RankingRow } from '../results-model.ts';
import { forScores } from './ranking.ts';

export type CertaintyView = {
	certainty: Certainty;
	/** The official ranking it belongs to. */
	rows: RankingRow[];
	/** Names by judge id. */
	judges: { id: string; name: string }[];
	/** Label of the round whose scorecards count. */
	round: string;
	rounds: number;
	fund: number;
	/** Whether the actor may ask for more reviews now, and whether the round must be opened again for it. */
	mayAsk: boolean;
	reopens: boolean;
	computedAt: Date;
};

/** How sure the ranking is; open to whoever may see the scores. */
export const readCertainty = async (actor: Actor, competitionId: string): Promise<CertaintyView> => {
	const competition = await forScores(actor, competitionId);
	const [{ head, rows, found }, hidden] = await Promise.all([certaintyOf(competition), leftRoomFor(actor, competition)]);
	return {
		certainty: hidden.size > 0 ? without(found.certainty, hidden) : found.certainty,
		rows: rows.filter(({ proposal }) => !hidden.has(proposal)),
		judges: head.judges,
		round: competition.rounds.find(({ key }) => key === found.certainty.round)?.label ?? '',
		rounds: competition.rounds.length,
		fund: competition.fund,
		mayAsk: ['judging', 'deliberation'].includes(competition.state) && can(actor, 'competition.manage', resourceOf(competition)),
		reopens: competition.state === 'deliberation',
		computedAt: found.computedAt
	};
};

/** The same without the items the actor has left the room for. */
const without = (certainty: Certainty, hidden: ReadonlySet<string>): Certainty => {
	const seen = (proposals: readonly string[]) => proposals.filter((proposal) => !hidden.has(proposal));
	return {
		...certainty,
		calibration: { ...certainty.calibration, proposals: certainty.calibration.proposals.filter(({ proposal }) => !hidden.has(proposal)) },
		band: seen(certainty.band),
		rules: certainty.rules.map((one) => ({ ...one, winners: seen(one.winners), enters: seen(one.enters), leaves: seen(one.leaves) })),
		influence: certainty.influence.map((one) => ({ ...one, enters: seen(one.enters), leaves: seen(one.leaves) }))
	};
};
