import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fromHundredths, parseDecimal, toHundredths } from '#lib/domain/judging/exact.ts';
import { combinedRanking, type CombinedRanking, type RoundInput } from '#lib/domain/judging/rounds.ts';
import { InputError } from '../command.ts';

/** As much of a public notice file as its ranking is computed from. Totals and marks in hundredths, bonus in points. */
const noticeSchema = z.object({
	rule: z.object({
		rounds: z
			.array(
				z.object({
					key: z.string(),
					weight: z.int().min(0),
					rule: z.enum(['mean', 'trimmed', 'calibrated']),
					tieBreak: z.array(z.string()).default([]),
					groups: z.array(z.object({ key: z.string(), weight: z.int().min(0) })).default([]),
					advanced: z.array(z.string()).optional()
				})
			)
			.min(1),
		bonus: z.object({ cap: z.number().min(0) }).optional(),
		seed: z.string(),
		lots: z.record(z.string(), z.string()).default({})
	}),
	scores: z.array(
		z.object({
			round: z.string(),
			proposal: z.string(),
			judge: z.string(),
			total: z.int(),
			criteria: z.record(z.string(), z.int()).default({}),
			group: z.string().optional()
		})
	),
	result: z.array(z.object({ number: z.string(), rank: z.int().nullable(), score: z.string(), bonus: z.string().optional() }))
});

type Notice = z.infer<typeof noticeSchema>;

export interface RankedNotice {
	/** SHA-256 of the file, to compare with the one published beside it. */
	digest: string;
	ranking: { rank: number; proposal: string; score: string }[];
	/** What the file's own table says otherwise. */
	differences: string[];
	/** Rounds and judge groups that were to be calibrated and had to be averaged. */
	uncalibrated: CombinedRanking['uncalibrated'];
}

const roundsOf = ({ rule, scores }: Notice, idOf: (number: string) => string): RoundInput[] =>
	rule.rounds.map(({ key, weight, rule: aggregate, groups, advanced }) => {
		const cards = scores.filter(({ round }) => round === key);
		return {
			...{ key, weight, rule: aggregate },
			advanced: advanced?.map(idOf) ?? null,
			...(groups.length > 0
				? { groups: groups.map((group) => ({ ...group, judges: [...new Set(cards.filter((card) => card.group === group.key).map(({ judge }) => judge))] })) }
				: {}),
			scorecards: cards.map(({ proposal, judge, total, criteria }) => ({ proposal: idOf(proposal), judge, total, criteria }))
		};
	});

const bonusOf = ({ rule, result }: Notice, idOf: (number: string) => string): { bonus?: { capHundredths: number; points: Map<string, number> } } => {
	if (!rule.bonus) return {};
	const points = result.flatMap(({ number, bonus }) => {
		const value = bonus === undefined ? null : parseDecimal(bonus);
		return value ? [[idOf(number), toHundredths(value)] as const] : [];
	});
	return { bonus: { capHundredths: toHundredths(fromHundredths(Math.round(rule.bonus.cap * 100))), points: new Map(points) } };
};

/**
 * Recomputes the ranking of a public notice from the scorecards in it, by the rule it states: every round, judge group,
 * advancement, granted bonus, tie and lot, exactly.
 * @throws InputError naming the first thing in the file that is not as it should be
 */
export const rankNotice = (file: string, bytes: Uint8Array): RankedNotice => {
	const notice = parseNotice(file, bytes);
	// Lots were drawn over the proposals' own ids, which the file gives for those that drew.
	const idOf = (number: string): string => notice.rule.lots[number] ?? number;
	const numbers = new Map(notice.result.map(({ number }) => [idOf(number), number]));
	let combined: CombinedRanking;
	try {
		combined = combinedRanking({
			proposals: [...numbers.keys()],
			rounds: roundsOf(notice, idOf),
			tieBreak: { criteria: notice.rule.rounds[0]?.tieBreak ?? [], seed: notice.rule.seed },
			names: { proposals: numbers, judges: new Map() },
			...bonusOf(notice, idOf)
		});
	} catch (error) {
		throw new InputError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
	}
	const ranking = combined.ranked.map(({ rank, proposal, formatted }) => ({ rank, proposal: numbers.get(proposal) ?? proposal, score: formatted }));
	const found = new Map(ranking.map((row) => [row.proposal, row]));
	const differences = notice.result.flatMap(({ number, rank, score }) => {
		const own = found.get(number);
		const same = own ? own.rank === rank && own.score === score : rank === null;
		return same ? [] : [`${number}: published ${rank ?? 'no rank'}, ${score || 'no score'}; recomputed ${own ? `${own.rank}, ${own.score}` : 'no rank'}`];
	});
	return { digest: createHash('sha256').update(bytes).digest('hex'), ranking, differences, uncalibrated: combined.uncalibrated };
};

const parseNotice = (file: string, bytes: Uint8Array): Notice => {
	let content: unknown;
	try {
		content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch {
		throw new InputError(`${file}: line 1: this is neither a table nor the file of a notice`);
	}
	const parsed = noticeSchema.safeParse(content);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new InputError(`${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not the file of a notice'}`);
};
