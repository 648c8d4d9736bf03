import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { Certainty } from '#lib/domain/judging/certainty.ts';
import { resourceOf } from '../../competitions/index.ts';
import { certaintyOf } from '../certainty-store.ts';
import type { RankingRow } from '../results-model.ts';
import { leftRoomFor, withoutItems } from '../room.ts';
import { forScores } from './ranking.ts';

export type CertaintyView = {
	certainty: Certainty;
	/** The official ranking it belongs to. */
	rows: RankingRow[];
	/** Names by judge id; of ballots of the hall only the id is known, `code:` and the number on the slip. */
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
		certainty: withoutItems(found.certainty, hidden),
		rows: withoutItems(rows, hidden),
		judges: head.judges,
		round: competition.rounds.find(({ key }) => key === found.certainty.round)?.label ?? '',
		rounds: competition.rounds.length,
		fund: competition.fund,
		mayAsk: ['judging', 'deliberation'].includes(competition.state) && can(actor, 'competition.manage', resourceOf(competition)),
		reopens: competition.state === 'deliberation',
		computedAt: found.computedAt
	};
};
