import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { JudgeGroup, Round } from '#lib/domain/competitions/types.ts';
import { codeGroups } from '#lib/domain/judging/groups.ts';
import { codeFrom } from '#lib/domain/judging/jury-code.ts';
import type { juryCodesSchema, juryRevokeSchema } from '#lib/domain/judging/schema.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { conflict } from '#lib/server/platform/errors.ts';
import { hashSecret } from '#lib/server/platform/secrets.ts';
import { recordAct } from '../../audit/index.ts';
import type { CompetitionView } from '../../competitions/index.ts';
import { beforeRoundCloses, chainOf, competitionFor } from '../access.ts';
import { JuryCode, type JuryCodeDocument } from '../rounds-model.ts';

/** Printed slips: numbers and codes. The codes are nowhere else. */
export type IssuedCodes = { round: string; label: string; group: string; expiresAt: Date; codes: { n: number; code: string }[] };

/** The round and group of a competition that scores with codes. */
export const juryOf = (competition: CompetitionView, roundKey?: string, groupKey?: string): { round: Round; group: JudgeGroup } => {
	for (const round of competition.rounds) {
		if (roundKey !== undefined && round.key !== roundKey) continue;
		const group = codeGroups(round).find(({ key }) => groupKey === undefined || key === groupKey);
		if (group) return { round, group };
	}
	throw conflict('jury_none');
};

/** Makes one-time codes for the public jury; they are in this answer only, the database keeps their hashes. */
export const issueJuryCodes = async (actor: Actor, competitionId: string, input: z.infer<typeof juryCodesSchema>): Promise<IssuedCodes> => {
	const competition = await competitionFor(actor, competitionId, 'jury.manage');
	beforeRoundCloses(competition);
	const { round, group } = juryOf(competition, input.round, input.group);
	const createdAt = now();
	const expiresAt = new Date(createdAt.getTime() + input.hours * 3_600_000);
	const codes = await insertCodes(competitionId, round.key, group.key, input.count, createdAt, expiresAt);
	await recordAct({
		chain: chainOf(competitionId),
		actor,
		action: 'jury_codes_issued',
		subject: competitionId,
		detail: { round: round.key, group: group.key, from: codes[0]?.n ?? 0, to: codes.at(-1)?.n ?? 0, expiresAt: expiresAt.toISOString() }
	});
	return { round: round.key, label: round.label, group: group.label, expiresAt, codes };
};

const insertCodes = async (
	competition: string,
	round: string,
	group: string,
	count: number,
	createdAt: Date,
	expiresAt: Date
): Promise<IssuedCodes['codes']> => {
	// Two people printing at once would give out the same numbers: the second takes the next ones.
	for (let look = 0; ; look += 1) {
		const last = await JuryCode.findOne({ competition, round }, { n: 1 }).sort({ competition: 1, round: 1, n: -1 }).lean();
		const codes = Array.from({ length: count }, (_, at) => ({ n: (last?.n ?? 0) + at + 1, code: codeFrom(randomBytes(64)) }));
		const documents = codes.map(
			({ n, code }): JuryCodeDocument => ({
				...{ _id: newId(), competition, round, group, n, hash: hashSecret(code), status: 'open', expiresAt, createdAt },
				...{ usedAt: null, scores: {}, totals: {} }
			})
		);
		try {
			await JuryCode.insertMany(documents, { lean: true });
			return codes;
		} catch (error) {
			await JuryCode.deleteMany({ _id: { $in: documents.map(({ _id }) => _id) } });
			if (!isDuplicateKey(error) || look === 3) throw error;
		}
	}
};

/** Takes unused codes back by their numbers: a lost sheet, slips nobody took. Used ones stay. */
export const revokeJuryCodes = async (
	actor: Actor,
	competitionId: string,
	{ from, to, reason, ...input }: z.infer<typeof juryRevokeSchema>
): Promise<{ revoked: number }> => {
	const competition = await competitionFor(actor, competitionId, 'jury.manage');
	const { round } = juryOf(competition, input.round);
	const { modifiedCount } = await JuryCode.updateMany(
		{ competition: competitionId, round: round.key, n: { $gte: from, $lte: to }, status: 'open' },
		{ $set: { status: 'revoked' } }
	);
	await recordAct({
		chain: chainOf(competitionId),
		actor,
		action: 'jury_codes_revoked',
		subject: competitionId,
		detail: { round: round.key, from, to, revoked: modifiedCount, reason }
	});
	return { revoked: modifiedCount };
};
