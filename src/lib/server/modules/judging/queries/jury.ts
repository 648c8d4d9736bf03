import type { Actor } from '#lib/domain/accounts/types.ts';
import type { RubricCriterion } from '#lib/domain/competitions/types.ts';
import { codeGroups } from '#lib/domain/judging/groups.ts';
import { competitionFor } from '../access.ts';
import { ballotOf, openCode } from '../jury.ts';
import { JuryCode } from '../rounds-model.ts';

/** What a phone shows behind a code: the projects to score. Never a score of anybody. */
export type Ballot = {
	title: string;
	round: string;
	n: number;
	rubric: { key: string; label: string; points: number; step: number; hint: string }[];
	projects: { id: string; number: string; title: string; organization: string }[];
	/** Titles of the projects already scored with this code. */
	scored: string[];
	/** Whether projects are scored in their turn, so that the code is needed again. */
	inTurn: boolean;
};

const criterion = ({ key, label, points, step, anchors }: RubricCriterion): Ballot['rubric'][number] => ({ key, label, points, step, hint: anchors.high });

/** The ballot of a one-time code; 404 for an unknown one, 409 saying why a known one is no good. */
export const readBallot = async (typed: string, address: string): Promise<Ballot> => {
	const code = await openCode(typed, address);
	const { competition, round, proposals, scored, inTurn } = await ballotOf(code);
	return {
		title: competition.title,
		round: round.label,
		n: code.n,
		rubric: round.rubric.map(criterion),
		projects: proposals.map(({ id, number, title, organizationName }) => ({ id, number, title, organization: organizationName })),
		scored,
		inTurn
	};
};

/** The codes of a competition for those who hand them out: numbers only. */
export type JuryView = {
	groups: { round: string; roundLabel: string; group: string; label: string; open: number; used: number; revoked: number; expired: number; last: number }[];
};

/** How many codes are out, used and taken back, by round and group. */
export const readJury = async (actor: Actor, competitionId: string, at: Date): Promise<JuryView> => {
	const competition = await competitionFor(actor, competitionId, 'jury.manage');
	const codes = await JuryCode.find({ competition: competitionId }, { round: 1, group: 1, n: 1, status: 1, expiresAt: 1 }).lean();
	return {
		groups: competition.rounds.flatMap((round) =>
			codeGroups(round).map(({ key, label }) => {
				const own = codes.filter((code) => code.round === round.key && code.group === key);
				const open = own.filter((code) => code.status === 'open');
				return {
					...{ round: round.key, roundLabel: round.label, group: key, label },
					open: open.filter((code) => code.expiresAt > at).length,
					expired: open.filter((code) => code.expiresAt <= at).length,
					used: own.filter((code) => code.status === 'used').length,
					revoked: own.filter((code) => code.status === 'revoked').length,
					last: Math.max(0, ...own.map(({ n }) => n))
				};
			})
		)
	};
};
