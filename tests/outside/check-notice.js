// Checks a published notice as a stranger would: with Node alone, nothing of this project.
//   node check-notice.js notice.json
// Prints the file's SHA-256 and the ranking recomputed from the scorecards in it by the rule the file states.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * Fractions of whole numbers: totals are in hundredths of a point, so nothing is rounded before the end.
 * @typedef {{ top: bigint, bottom: bigint }} Fraction
 * @typedef {{ round: string, proposal: string, judge: string, total: number, criteria: Record<string, number>, group?: string }} Card
 * @typedef {{ key: string, weight: number, rule: string, tieBreak: string[], groups?: { key: string, weight: number }[] }} Round
 * @typedef {{ number: string, bonus?: string }} Row
 */

const bytes = readFileSync(process.argv[2] ?? '');
/** @type {{ rule: { rounds: Round[] }, scores: Card[], result: Row[] }} */
const { rule, scores, result } = JSON.parse(bytes.toString('utf8'));

/** @type {(a: Fraction, b: Fraction) => Fraction} */
const add = (a, b) => ({ top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom });
/** @type {(a: Fraction, b: Fraction) => number} */
const compare = (a, b) => {
	const difference = a.top * b.bottom - b.top * a.bottom;
	return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
/** @type {(numbers: bigint[]) => Fraction} */
const mean = (numbers) => ({ top: numbers.reduce((sum, one) => sum + one, 0n), bottom: BigInt(numbers.length) });
/** @type {(parts: { score: Fraction | null, weight: number }[]) => Fraction | null} What has no score counts as nothing. */
const weighted = (parts) => {
	if (parts.every(({ score }) => score === null)) return null;
	/** @type {Fraction} */
	let sum = { top: 0n, bottom: 1n };
	for (const { score, weight } of parts) if (score) sum = add(sum, { top: score.top * BigInt(weight), bottom: score.bottom });
	return { top: sum.top, bottom: sum.bottom * BigInt(parts.reduce((all, { weight }) => all + weight, 0)) };
};

/** @type {(round: Round, cards: Card[]) => Fraction | null} */
const scoreOfCards = (round, cards) => {
	const totals = cards.map(({ total }) => BigInt(total)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	return totals.length === 0 ? null : mean(round.rule === 'trimmed' && totals.length >= 5 ? totals.slice(1, -1) : totals);
};
/** @type {(round: Round, proposal: string) => Fraction | null} A group of judges without a card is left out. */
const scoreIn = (round, proposal) => {
	const cards = scores.filter((card) => card.round === round.key && card.proposal === proposal);
	if (!round.groups || round.groups.length === 0) return scoreOfCards(round, cards);
	return weighted(
		round.groups
			.map(({ key, weight }) => ({ weight, score: scoreOfCards(round, cards.filter((card) => card.group === key)) }))
			.filter(({ score }) => score !== null)
	);
};

const rounds = rule.rounds.filter(({ key }) => scores.some((card) => card.round === key));
/** @type {(row: Row) => Fraction | null} */
const scoreOf = ({ number, bonus }) => {
	const base = weighted(rounds.map((round) => ({ weight: round.weight, score: scoreIn(round, number) })));
	return base && bonus ? add(base, { top: BigInt(bonus.replace('.', '')), bottom: 1n }) : base;
};
/** @type {(hundredths: Fraction) => string} Two decimals, half up. */
const printed = ({ top, bottom }) => {
	const whole = (2n * top + bottom) / (2n * bottom);
	return `${whole / 100n}.${String(whole % 100n).padStart(2, '0')}`;
};

/** @type {(proposal: string, criterion: string) => Fraction} */
const markOf = (proposal, criterion) =>
	mean(scores.filter((card) => card.proposal === proposal && criterion in card.criteria).map((card) => BigInt(card.criteria[criterion] ?? 0)));
/** @type {(a: string, b: string) => number} Ties go by the mean marks of the declared criteria; then they were drawn by lot. */
const byCriteria = (a, b) => {
	for (const criterion of rule.rounds[0]?.tieBreak ?? []) {
		const difference = compare(markOf(b, criterion), markOf(a, criterion));
		if (difference !== 0) return difference;
	}
	console.error(`${a} and ${b} were drawn by lot`);
	return 0;
};

const ranked = result
	.flatMap((row) => {
		const score = scoreOf(row);
		return score ? [{ number: row.number, score }] : [];
	})
	.sort((a, b) => compare(b.score, a.score) || byCriteria(a.number, b.number));

console.log(
	JSON.stringify({
		digest: createHash('sha256').update(bytes).digest('hex'),
		ranking: ranked.map(({ number, score }, at) => ({ rank: at + 1, number, score: printed(score) }))
	})
);
