import type { Round } from '#lib/domain/competitions/types.ts';
import { readCode } from '#lib/domain/judging/jury-code.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, notFound } from '#lib/server/platform/errors.ts';
import { checkLimit, countTry } from '#lib/server/platform/limits.ts';
import { hashSecret } from '#lib/server/platform/secrets.ts';
import { competitionById, type CompetitionView } from '../competitions/index.ts';
import type { PassedProposal } from '../proposals/index.ts';
import { PitchSession, type PitchDocument } from './pitch-model.ts';
import { proposalsInRound } from './round-inputs.ts';
import { JuryCode, type JuryCodeDocument } from './rounds-model.ts';

/** Wrong codes from one address: a hall shares one, so only misses count. */
const misses = { name: 'jury-code', points: 60, seconds: 600 };

/** The code's document; a wrong code counts against the address it came from. Refusals say why a known code is no good. */
export const openCode = async (typed: string, address: string): Promise<JuryCodeDocument> => {
	await checkLimit(misses, address);
	const code = await JuryCode.findOne({ hash: hashSecret(readCode(typed)) }).lean();
	if (!code) {
		await countTry(misses, address);
		throw notFound();
	}
	if (code.status === 'revoked') throw conflict('jury_revoked');
	if (code.expiresAt <= now()) throw conflict(code.status === 'used' ? 'jury_used' : 'jury_expired');
	return code;
};

/** What lies behind a code at this moment. */
export type OpenBallot = {
	competition: CompetitionView;
	round: Round;
	/** Who may be scored now and has not been with this code. */
	proposals: PassedProposal[];
	/** Titles of who has been scored with this code. */
	scored: string[];
	/** Whether the code goes on working after a ballot: pitches are held, and each is scored in its turn. */
	inTurn: boolean;
};

/**
 * What a code may score now. In a pitch round: whoever is open for scoring. In a round of the public's own: everybody
 * in it, or, where pitches are held in the competition, whoever has been on stage. Pitches are scored one after the
 * other, so there a code scores each project once; without them it is used up by its first ballot.
 */
export const ballotOf = async (code: JuryCodeDocument): Promise<OpenBallot> => {
	const competition = await competitionById(code.competition);
	const round = competition.rounds.find(({ key }) => key === code.round);
	if (!round || competition.state !== 'judging') throw conflict(isBefore(competition) ? 'jury_not_yet' : 'jury_closed');
	const [all, session] = await Promise.all([
		proposalsInRound(competition, round.key),
		PitchSession.findOne({ competition: code.competition, status: { $ne: 'ready' } }).lean()
	]);
	const byId = new Map(all.map((proposal) => [proposal.id, proposal]));
	const scored = Object.keys(code.totals ?? {});
	const titles = scored.flatMap((id) => byId.get(id)?.title ?? []);
	if (!session) {
		if (round.kind === 'pitch') throw conflict('jury_not_yet');
		if (code.status === 'used') throw conflict('jury_used');
		return { competition, round, proposals: all, scored: titles, inTurn: false };
	}
	const own = session.round === round.key;
	const left = session.items.filter(({ proposal }) => byId.has(proposal) && !scored.includes(proposal));
	const proposals = left.flatMap((item) => {
		const proposal = byId.get(item.proposal);
		return proposal && mayVote(item, own) ? [proposal] : [];
	});
	const toCome = session.status === 'running' && left.some(({ scoring }) => !own || scoring === 'waiting' || scoring === 'closed');
	if (proposals.length === 0 && !toCome) throw conflict(code.status === 'used' ? 'jury_used' : 'jury_closed');
	return { competition, round, proposals, scored: titles, inTurn: true };
};

const isBefore = ({ state }: CompetitionView): boolean => ['draft', 'announced', 'open', 'screening'].includes(state);

const mayVote = ({ scoring, presentedAt }: PitchDocument['items'][number], own: boolean): boolean =>
	own ? scoring === 'open' : presentedAt !== null;
