import { formatHalfUp, fromHundredths } from '#lib/domain/judging/exact.ts';
import { byText, hash32 } from '#lib/domain/judging/random.ts';

/** A counted scorecard without its judge's name: the proposal by its public number, the total in hundredths. */
export type AnonymousScore = {
	round: string;
	proposal: string;
	judge: string;
	total: number;
	criteria: Record<string, number>;
	/** Hash of the whole scorecard with a salt only its judge is shown; files of older notices have none. */
	card?: string;
	/** Judge group, where rounds have groups. */
	group?: string;
};

/**
 * Names judges `J01`, `J02` … in an order that tells nothing: by a hash of seed and id, not by name or by who came
 * first.
 */
export const anonymousNames = (judges: readonly string[], seed: string): Map<string, string> => {
	const order = judges
		.map((id) => ({ id, at: hash32(`${seed}\n${id}`, 7) }))
		.sort((a, b) => a.at - b.at || byText(a.id, b.id));
	const digits = Math.max(2, String(order.length).length);
	return new Map(order.map(({ id }, place) => [id, `J${String(place + 1).padStart(digits, '0')}`]));
};

/**
 * The anonymous scores as a table for `miaopu rank`: columns proposal, judge, score in points. Scores of several rounds
 * or judge groups carry the columns round and group behind them; a table of one round without groups has neither.
 */
export const anonymousCsv = (scores: readonly AnonymousScore[]): string => {
	const rounds = new Set(scores.map(({ round }) => round)).size > 1;
	const groups = scores.some(({ group }) => group !== undefined);
	return (
		[
			['proposal', 'judge', 'score', ...(rounds ? ['round'] : []), ...(groups ? ['group'] : [])],
			...scores.map((score) => [
				...[score.proposal, score.judge, formatHalfUp(fromHundredths(score.total))],
				...(rounds ? [score.round] : []),
				...(groups ? [score.group ?? ''] : [])
			])
		]
			.map((row) => row.join(','))
			.join('\n') + '\n'
	);
};
