import type { Actor } from '#lib/domain/accounts/types.ts';
import { noticeEnd } from '#lib/domain/judging/notice.ts';
import { anonymousNames, type AnonymousScore } from '#lib/domain/judging/publication.ts';
import { byText } from '#lib/domain/judging/random.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { conflict } from '#lib/server/platform/errors.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { canonicalJson, recordAct } from '../../audit/index.ts';
import { competitionById, transitionCompetition, type CompetitionView } from '../../competitions/index.ts';
import { recordOutcomes } from '../../proposals/index.ts';
import { workingDaysOf } from '../../stations/index.ts';
import { chainOf, competitionFor } from '../access.ts';
import { Objection } from '../objections-model.ts';
import { cardHashes, cardKey } from '../seals.ts';
import { computeRanking, scoreText, type ComputedRanking } from '../ranking.ts';
import { Decision, Result, ResultFile, type DecisionDocument, type ResultDocument, type ResultRow } from '../results-model.ts';

/** What a notice will say: its rows, the public file and the digest over it. */
export type Publication = Pick<ResultDocument, 'rows' | 'total' | 'digest' | 'calibrated'> & { text: string };

/** What a score is made of, where it is made of more than one round's scorecards; a plain round publishes no more than the score. */
const composition = (row: ComputedRanking['rows'][number] | undefined): Record<string, unknown> =>
	row?.rounds
		? {
				rounds: row.rounds.map(({ key, score, n, groups }) => ({
					...{ key, score: scoreText(score), n },
					groups: groups.map((group) => ({ key: group.key, n: group.n, score: scoreText(group.score) }))
				})),
				...(row.bonus ? { bonus: scoreText(row.bonus) } : {})
			}
		: {};

/** Builds a publication from the ranking and the decision; the same input gives the same bytes. */
export const buildPublication = (
	competition: CompetitionView,
	{ head, rows, cards, advanced }: ComputedRanking,
	decision: Pick<DecisionDocument, 'rows' | 'total'> | null,
	hashes: ReadonlyMap<string, string>
): Publication => {
	const resultRows = rows.map((row): ResultRow => {
		const award = decision?.rows[row.proposal] ?? { outcome: 'decline' as const, amount: 0, reason: '' };
		const { rank, proposal, number, title, organization, organizationName, score, requested } = row;
		return { rank, proposal, number, title, organization, organizationName, score, n: row.cards.length, requested, ...award };
	});
	const uncalibrated = (key: string) => (head.uncalibrated ?? []).filter(({ round }) => round === key);
	const grouped = competition.rounds.some(({ groups }) => groups.length > 0);
	const numbers = new Map(rows.map((row) => [row.proposal, row.number]));
	const names = anonymousNames([...new Set(cards.map((card) => card.judge))], competition.drawSeed);
	const scores = cards
		.map(
			(card): AnonymousScore => ({
				round: card.round,
				proposal: numbers.get(card.proposal) ?? '',
				judge: names.get(card.judge) ?? '',
				total: card.total,
				criteria: card.criteria,
				card: hashes.get(cardKey(card)) ?? '',
				...(grouped ? { group: card.group } : {})
			})
		)
		.sort((a, b) => byText(a.round, b.round) || byText(a.proposal, b.proposal) || byText(a.judge, b.judge));
	const text = canonicalJson({
		competition: { title: competition.title, slug: competition.slug, fund: competition.fund },
		rule: {
			rounds: competition.rounds.map(({ key, label, weight, rule, tieBreak, rubric, groups }) => ({
				...{ key, label, weight, rule, tieBreak, rubric },
				...(grouped ? { groups: groups.map((group) => ({ key: group.key, label: group.label, weight: group.weight })) } : {}),
				...(uncalibrated(key).length > 0 ? { uncalibrated: uncalibrated(key).map(({ group, reason }) => ({ group, reason })) } : {}),
				...(advanced[key] ? { advanced: advanced[key].map((proposal) => numbers.get(proposal) ?? '').sort(byText) } : {})
			})),
			...(competition.bonus ? { bonus: competition.bonus } : {}),
			seed: competition.drawSeed,
			lots: Object.fromEntries(rows.filter((row) => row.tie === 'lot').map((row) => [row.number, row.proposal]))
		},
		scores,
		result: resultRows.map(({ rank, number, title, organizationName, score, n, requested, outcome, amount, reason }, at) => ({
			...{ rank, number, title, organization: organizationName, score: scoreText(score), n, requested, outcome, amount, reason },
			...composition(rows[at])
		}))
	});
	const calibrated = competition.rounds
		.filter(({ rule }) => rule === 'calibrated')
		.map(({ key, label, groups }) => ({
			round: label,
			uncalibrated: uncalibrated(key).map(({ group, reason }) => ({ group: groups.find((one) => one.key === group)?.label ?? '', reason }))
		}));
	return { rows: resultRows, total: decision?.total ?? 0, text, digest: sha256(text), calibrated };
};

/**
 * Publishes the decision as a public notice: takes the competition to `notice` (its guards speak first), which writes
 * the result. Publishing again gives the notice that is there.
 */
export const publishNotice = async (actor: Actor, competitionId: string): Promise<Omit<ResultDocument, '_id'> & { id: string }> => {
	await competitionFor(actor, competitionId, 'competition.decide');
	await transitionCompetition(actor, competitionId, { to: 'notice', reason: '' });
	await writeResult(competitionId);
	const result = await Result.findOne({ competition: competitionId }).sort({ competition: 1, n: -1 }).lean();
	if (!result) throw conflict('result_not_yet');
	const { _id, ...rest } = result;
	return { id: _id.toHexString(), ...rest };
};

/**
 * Writes the result of the latest step to `notice` and tells the winners' modules. Every part may run again: the
 * decision is frozen first, the number of the notice makes the result one, the keys make the events one each.
 */
export const writeResult = async (competitionId: string): Promise<void> => {
	const competition = await competitionById(competitionId);
	const steps = competition.history.filter((step) => step.to === 'notice');
	const step = steps.at(-1);
	if (competition.state !== 'notice' || !step) return;
	const n = steps.length;
	await Decision.updateOne({ _id: competitionId }, { $set: { publishedAs: n } });
	if (!(await Result.exists({ competition: competitionId, n }))) {
		const decision = await Decision.findById(competitionId).lean();
		const [ranking, hashes, calendar] = await Promise.all([
			computeRanking(competition),
			cardHashes(competitionId),
			workingDaysOf(competition.stationPath)
		]);
		const publication = buildPublication(competition, ranking, decision, hashes);
		const corrects = await correctedBy(competition, n);
		const _id = newId();
		try {
			await ResultFile.create({ _id: _id.toHexString(), text: publication.text });
			await Result.create({
				_id,
				competition: competitionId,
				slug: competition.slug,
				title: competition.title,
				n,
				publishedAt: step.at,
				noticeUntil: noticeEnd(step.at, competition.noticeDays, calendar),
				noticeDays: competition.noticeDays,
				fund: competition.fund,
				total: publication.total,
				rows: publication.rows,
				digest: publication.digest,
				publishedByName: step.byName,
				corrects,
				periodChanges: [],
				calibrated: publication.calibrated
			});
			await recordAct({
				chain: chainOf(competitionId),
				actor: { kind: 'system', name: step.byName },
				action: 'result_published',
				subject: _id.toHexString(),
				detail: { n, digest: publication.digest, total: publication.total, corrects }
			});
		} catch (error) {
			if (!isDuplicateKey(error)) throw error;
			await ResultFile.deleteOne({ _id: _id.toHexString() });
		}
	}
	await announceAwards(competition, n);
};

/** What a later notice puts right: the reason given for going back to deliberation, and the objections that were upheld. */
const correctedBy = async (competition: CompetitionView, n: number): Promise<ResultDocument['corrects']> => {
	if (n === 1) return null;
	const back = competition.history.findLast((step) => step.from === 'notice' && step.to === 'deliberation');
	const upheld = await Objection.find({ competition: competition.id, status: 'upheld' }, { receipt: 1, n: 1 }).lean();
	const receipts = upheld.filter((objection) => objection.n === n - 1).map(({ receipt }) => receipt);
	return { n: n - 1, reason: back?.reason ?? '', receipts: receipts.sort(byText) };
};

const announceAwards = async (competition: CompetitionView, n: number): Promise<void> => {
	const result = await Result.findOne({ competition: competition.id, n }, { rows: 1, publishedAt: 1 }).lean();
	if (!result) return;
	const outcomes = result.rows.map(({ proposal, outcome, amount }) => ({ proposal, kind: outcome, amount }));
	await recordOutcomes(competition.id, outcomes, result.publishedAt);
	for (const row of result.rows)
		if (row.outcome === 'fund')
			await publish({
				kind: 'award.published',
				key: `award:${competition.id}:${n}:${row.proposal}`,
				payload: {
					competition: competition.id,
					competitionTitle: competition.title,
					slug: competition.slug,
					station: competition.station,
					proposal: row.proposal,
					number: row.number,
					title: row.title,
					organization: row.organization,
					amount: row.amount,
					rank: row.rank,
					score: row.score,
					notice: n,
					at: result.publishedAt.toISOString()
				}
			});
};
