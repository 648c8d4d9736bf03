import { z } from 'zod';
import { outcomes, scorecardStatuses } from '#lib/domain/judging/schema.ts';
import { noticeEnd } from '#lib/domain/judging/notice.ts';
import { hash32 } from '#lib/domain/judging/random.ts';
import { scoreScorecard } from '#lib/domain/judging/scoring.ts';
import { answerDue, receiptOf } from '#lib/domain/objections/rules.ts';
import { sides } from '#lib/domain/objections/schema.ts';
import { fenSchema, lineSchema, textSchema } from '#lib/domain/shared/fields.ts';
import { idFromHex } from '#lib/server/platform/db/index.ts';
import { hashSecret, newSecret, sha256 } from '#lib/server/platform/secrets.ts';
import { grantRole } from '../accounts/index.ts';
import { competitionById, type CompetitionView } from '../competitions/index.ts';
import { passedProposals } from '../proposals/index.ts';
import { judgeGrant, roundOf } from './access.ts';
import { buildPublication } from './commands/publish-result.ts';
import { Judge, Scorecard, type JudgeDocument, type ScorecardDocument } from './model.ts';
import { Objection, type ObjectionDocument } from './objections-model.ts';
import { computeRanking } from './ranking.ts';
import { cardHashes } from './seals.ts';
import { Decision, Result, ResultFile, type ResultRow } from './results-model.ts';

const day = z.int();
const keyText = z.string().min(1).max(80);

/** The judging part of `seeds/demo/competitions/*.json`: days count from the day of loading. */
export const judgingSeedSchema = z.object({
	judges: z.array(
		z.object({
			account: keyText,
			name: lineSchema(40),
			phone: lineSchema(20).default(''),
			email: lineSchema(120).default(''),
			employer: lineSchema(80).default(''),
			expertise: z.array(lineSchema(40)).default([]),
			cap: z.int().min(1).nullable().default(null)
		})
	),
	scorecards: z.array(
		z.object({
			proposal: keyText,
			judge: keyText,
			status: z.enum(scorecardStatuses),
			scores: z.record(z.string(), z.number()).default({}),
			comments: z.record(z.string(), textSchema(2000)).default({}),
			overall: textSchema(4000).default(''),
			reason: textSchema(600).default(''),
			day
		})
	),
	awards: z
		.array(z.object({ proposal: keyText, outcome: z.enum(outcomes), amount: fenSchema.default(0), reason: textSchema(600).default('') }))
		.default([]),
	notice: z
		.object({
			publishedDay: day,
			endsDay: day.optional(),
			objections: z
				.array(
					z.object({
						day,
						from: lineSchema(40),
						proposal: keyText.optional(),
						text: textSchema(4000),
						committee: z.array(z.object({ account: keyText, uphold: z.boolean(), reason: textSchema(2000) })).default([]),
						statements: z.array(z.object({ side: z.enum(sides), text: textSchema(4000), by: keyText, day })).default([]),
						answerDay: day,
						outcome: z.enum(['upheld', 'dismissed']),
						answer: textSchema(4000)
					})
				)
				.default([])
		})
		.optional()
});
export type JudgingSeed = z.infer<typeof judgingSeedSchema>;

/** What the keys in the data stand for, and when a day was. */
export type JudgingImportContext = {
	/** Account of a key; null where the person has none. */
	user: (key: string) => { id: string; name: string } | null;
	/** Id of a proposal's key. */
	proposal: (key: string) => string;
	/** A moment on a day counted from the day of loading; `order` spreads the moments of a day. */
	at: (day: number, order?: number) => Date;
};

const idFor = (...parts: string[]) => idFromHex(sha256(parts.join(':')).slice(0, 24));

/**
 * For loading histories: judges, scorecards and, for a finished competition, decision and published result, as if
 * they had come about then. The competition and its passed proposals must be there. Ids follow from the keys.
 */
export const importJudging = async (
	competitionId: string,
	seed: JudgingSeed,
	context: JudgingImportContext
): Promise<{ judges: number; scorecards: number; digest: string | null }> => {
	const competition = await competitionById(competitionId);
	const judges = await importJudges(competition, seed, context);
	const scorecards = await importScorecards(competition, seed, judges, context);
	if (seed.awards.length === 0) return { judges: judges.size, scorecards, digest: null };
	const digest = await importResult(competition, seed, context);
	return { judges: judges.size, scorecards, digest };
};

const importJudges = async (
	competition: CompetitionView,
	seed: JudgingSeed,
	context: JudgingImportContext
): Promise<Map<string, JudgeDocument>> => {
	const judges = new Map(
		seed.judges.map(({ account, ...fields }): [string, JudgeDocument] => {
			const user = context.user(account);
			return [
				account,
				{
					_id: idFor('judge', competition.id, account),
					...fields,
					competition: competition.id,
					user: user?.id ?? null,
					declared: [],
					status: user ? 'accepted' : 'invited',
					createdAt: competition.timeline.opensAt,
					version: 0
				}
			];
		})
	);
	for (const card of seed.scorecards) {
		const judge = judges.get(card.judge);
		if (card.status === 'recused')
			judge?.declared.push({
				proposal: context.proposal(card.proposal),
				reason: card.reason,
				at: context.at(card.day),
				by: judge.name,
				...(judge.user ? { byId: judge.user } : {})
			});
	}
	if (judges.size > 0) await Judge.insertMany([...judges.values()], { lean: true });
	for (const { user } of judges.values()) if (user) await grantRole(user, judgeGrant(competition.id));
	return judges;
};

const importScorecards = async (
	competition: CompetitionView,
	seed: JudgingSeed,
	judges: ReadonlyMap<string, JudgeDocument>,
	context: JudgingImportContext
): Promise<number> => {
	const proposals = new Map((await passedProposals(competition.id)).map((proposal) => [proposal.id, proposal]));
	const round = roundOf(competition);
	const over = !['screening', 'judging'].includes(competition.state);
	const documents = seed.scorecards.flatMap((card, index): ScorecardDocument[] => {
		const judge = judges.get(card.judge);
		const proposal = proposals.get(context.proposal(card.proposal));
		if (!judge || !proposal) return [];
		const scored = scoreScorecard(round.rubric, card);
		const at = context.at(card.day, index);
		const touched = card.status === 'assigned' ? null : at;
		const id = judge._id.toHexString();
		return [
			{
				_id: idFor('scorecard', competition.id, card.judge, card.proposal),
				competition: competition.id,
				round: round.key,
				proposal: proposal.id,
				proposalNumber: proposal.number,
				proposalTitle: proposal.title,
				organizationName: proposal.organizationName,
				judge: id,
				user: judge.user ?? '',
				status: card.status,
				scores: card.scores,
				comments: card.comments,
				overall: card.overall,
				total: scored.answered === round.rubric.length ? scored.total : null,
				filled: scored.answered,
				order: hash32(`${competition.drawSeed}\n${id}\n${proposal.id}`, 11),
				recusal: card.status === 'recused' ? { reason: card.reason, at } : null,
				lastSave: { client: '', seq: 0 },
				assignedAt: context.at(card.day - 2, index),
				startedAt: touched,
				savedAt: touched,
				submittedAt: card.status === 'submitted' ? at : null,
				touchedAt: card.status === 'submitted' || card.status === 'recused' ? at : null,
				closedAt: over ? at : null,
				reopened: [],
				version: card.status === 'assigned' ? 0 : 1
			}
		];
	});
	for (let at = 0; at < documents.length; at += 500) await Scorecard.insertMany(documents.slice(at, at + 500), { lean: true });
	return documents.length;
};

const importResult = async (competition: CompetitionView, seed: JudgingSeed, context: JudgingImportContext): Promise<string> => {
	const decidedAt = context.at(seed.notice?.publishedDay ?? 0);
	const rows = Object.fromEntries(
		seed.awards.map(({ proposal, outcome, amount, reason }) => [context.proposal(proposal), { outcome, amount, reason }])
	);
	const total = seed.awards.reduce((sum, award) => sum + award.amount, 0);
	const decision = { _id: competition.id, rows, total, publishedAs: seed.notice ? 1 : null, version: 1, updatedAt: decidedAt, byName: '', deciders: [] };
	await Decision.create(decision);
	const publication = buildPublication(competition, await computeRanking(competition), decision, await cardHashes(competition.id));
	if (!seed.notice) return publication.digest;
	const _id = idFor('result', competition.id, '1');
	await ResultFile.create({ _id: _id.toHexString(), text: publication.text });
	await Result.create({
		_id,
		competition: competition.id,
		slug: competition.slug,
		title: competition.title,
		n: 1,
		publishedAt: decidedAt,
		noticeUntil: seed.notice.endsDay === undefined ? noticeEnd(decidedAt, competition.noticeDays) : context.at(seed.notice.endsDay),
		noticeDays: competition.noticeDays,
		fund: competition.fund,
		total,
		rows: publication.rows,
		digest: publication.digest,
		publishedByName: competition.history.find((step) => step.to === 'notice')?.byName ?? '',
		corrects: null,
		periodChanges: [],
		calibrated: publication.calibrated
	});
	await importObjections(competition, seed, context, _id.toHexString(), publication.rows);
	return publication.digest;
};

/** Objections that were answered back then. Nobody holds the secret of their link. */
const importObjections = async (
	competition: CompetitionView,
	seed: JudgingSeed,
	context: JudgingImportContext,
	notice: string,
	rows: readonly ResultRow[]
): Promise<void> => {
	const objections = (seed.notice?.objections ?? []).map((objection, index): ObjectionDocument => {
		const row = objection.proposal === undefined ? undefined : rows.find(({ proposal }) => proposal === context.proposal(objection.proposal ?? ''));
		const receivedAt = context.at(objection.day, index);
		const answeredAt = context.at(objection.answerDay, index);
		const votes = objection.committee.flatMap(({ account, uphold, reason }) => {
			const user = context.user(account);
			return user ? [{ user: user.id, name: user.name, uphold, reason, at: answeredAt }] : [];
		});
		const digest = sha256(`objection:${competition.slug}:${index}`);
		return {
			_id: idFor('objection', competition.id, String(index)),
			receipt: receiptOf(Buffer.from(digest, 'hex')),
			secretHash: hashSecret(newSecret()),
			competition: competition.id,
			station: competition.station,
			notice,
			n: 1,
			proposal: row
				? { id: row.proposal, number: row.number, title: row.title, organization: row.organization, organizationName: row.organizationName }
				: null,
			name: objection.from,
			contact: '',
			disclose: false,
			text: objection.text,
			files: [],
			receivedAt,
			due: answerDue(receivedAt),
			status: objection.outcome === 'upheld' ? 'upheld' : 'rejected',
			committee: votes.map(({ user, name }) => ({ user, name })),
			convenedAt: receivedAt,
			statements: objection.statements.map(({ side, text, by, day: said }) => ({ side, text, at: context.at(said), byName: context.user(by)?.name ?? '' })),
			votes,
			answer: { summary: objection.text, text: objection.answer, at: answeredAt, byName: votes[0]?.name ?? '' },
			correction: null,
			version: 1
		};
	});
	if (objections.length > 0) await Objection.insertMany(objections, { lean: true });
};
