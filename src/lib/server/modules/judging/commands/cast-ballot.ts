import type { z } from 'zod';
import { scoreScorecard } from '#lib/domain/judging/scoring.ts';
import type { ballotSchema } from '#lib/domain/judging/schema.ts';
import type { Issue } from '#lib/domain/shared/issues.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, invalid } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { ballotOf, openCode, type OpenBallot } from '../jury.ts';
import { forgetRanking } from '../ranking-store.ts';
import { JuryCode, type JuryCodeDocument } from '../rounds-model.ts';

type Marks = Record<string, number>;

/** Marks somebody gave; a project none of whose criteria is filled in is left out. */
const given = (marks: Record<string, number | null>): Marks =>
	Object.fromEntries(Object.entries(marks).flatMap(([key, points]) => (points === null ? [] : [[key, points]])));

type Read = { code: JuryCodeDocument; ballot: OpenBallot; marks: Record<string, Marks>; totals: Record<string, number> };

/** A ballot as it was filled in, by the round's rubric; what is wrong with it is said field by field. */
const readMarks = async (typed: string, { scores }: z.infer<typeof ballotSchema>, address: string): Promise<Read> => {
	const code = await openCode(typed, address);
	const ballot = await ballotOf(code);
	const { round, proposals } = ballot;
	const open = new Set(proposals.map(({ id }) => id));
	const issues: Issue[] = [];
	const marks: Record<string, Marks> = {};
	const totals: Record<string, number> = {};
	for (const [proposal, all] of Object.entries(scores)) {
		const own = given(all);
		if (Object.keys(own).length === 0) continue;
		if (code.totals?.[proposal] !== undefined) throw conflict('jury_used');
		if (!open.has(proposal)) {
			issues.push({ path: `scores.${proposal}`, code: 'pitch_scoring_closed' });
			continue;
		}
		const scored = scoreScorecard(round.rubric, { scores: own, comments: {} });
		const labels = new Map(round.rubric.map(({ key, label }) => [key, label]));
		for (const problem of scored.problems)
			if (!problem.code.startsWith('comment_required'))
				issues.push({
					path: `scores.${proposal}.${problem.criterion}`,
					code: `score_${problem.code}`,
					params: { ...problem.params, label: labels.get(problem.criterion) ?? problem.criterion }
				});
		marks[proposal] = own;
		totals[proposal] = scored.total;
	}
	if (issues.length > 0) throw invalid(issues);
	if (Object.keys(marks).length === 0) throw conflict('jury_nothing');
	return { code, ballot, marks, totals };
};

/** A ballot before it is cast, for a last look; `total` and `maximum` in points. */
export type BallotCheck = {
	scored: { id: string; title: string; total: number }[];
	/** Titles of projects left out. */
	left: string[];
	maximum: number;
	inTurn: boolean;
};

/** What a ballot would count as: by the same rules as casting it, without casting it. */
export const checkBallot = async (typed: string, input: z.infer<typeof ballotSchema>, address: string): Promise<BallotCheck> => {
	const { ballot, totals } = await readMarks(typed, input, address);
	const { round, proposals, inTurn } = ballot;
	return {
		scored: proposals.flatMap(({ id, title }) => (totals[id] === undefined ? [] : [{ id, title, total: totals[id] / 100 }])),
		left: proposals.flatMap(({ id, title }) => (totals[id] === undefined ? [title] : [])),
		maximum: round.rubric.reduce((sum, { points }) => sum + points, 0),
		inTurn
	};
};

/**
 * Casts the ballot of a one-time code for the projects that may be scored now, by the round's rubric: each project once,
 * and where no pitches are held the whole ballot once. No account is needed; the code is the right. Comments are not
 * asked of the public.
 *
 * @returns how many projects this ballot scored, and whether the code is needed again for those to come.
 */
export const castBallot = async (
	typed: string,
	input: z.infer<typeof ballotSchema>,
	address: string
): Promise<{ projects: number; inTurn: boolean }> => {
	const { code, ballot, marks, totals } = await readMarks(typed, input, address);
	const { inTurn } = ballot;
	const { matchedCount } = await JuryCode.updateOne(
		{
			_id: code._id,
			status: inTurn ? { $in: ['open', 'used'] } : 'open',
			...Object.fromEntries(Object.keys(totals).map((proposal) => [`totals.${proposal}`, { $exists: false }]))
		},
		{ $set: { status: 'used', usedAt: now(), ...inside('scores', marks), ...inside('totals', totals) } }
	);
	if (matchedCount === 0) throw conflict('jury_used');
	await forgetRanking(code.competition);
	await recordAct({
		chain: `judging:${code.competition}:code:${code.n}`,
		actor: { kind: 'system', name: 'public jury' },
		action: 'ballot_cast',
		subject: code._id.toHexString(),
		detail: { round: code.round, group: code.group, n: code.n, totals }
	});
	return { projects: Object.keys(marks).length, inTurn };
};

/** Sets entries of a record and leaves its others alone. */
const inside = (field: string, entries: Record<string, unknown>): Record<string, unknown> =>
	Object.fromEntries(Object.entries(entries).map(([key, value]) => [`${field}.${key}`, value]));
