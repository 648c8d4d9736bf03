// Checks a published notice as a stranger would: with Node alone, nothing of this project.
//   node check-notice.js notice.json
// Prints the file's SHA-256 and the ranking recomputed from the scorecards in it by the rule the file states.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const bytes = readFileSync(process.argv[2]);
const { rule, scores, result } = JSON.parse(bytes.toString('utf8'));

// Fractions of whole numbers: totals are in hundredths of a point, so nothing is rounded before the end.
const add = (a, b) => ({ top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom });
const times = (a, factor) => ({ top: a.top * factor, bottom: a.bottom });
const compare = (a, b) => {
	const difference = a.top * b.bottom - b.top * a.bottom;
	return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
const mean = (numbers) => ({ top: numbers.reduce((sum, one) => sum + one, 0n), bottom: BigInt(numbers.length) });

const scoreIn = (round, proposal) => {
	const totals = scores.filter((card) => card.round === round.key && card.proposal === proposal).map(({ total }) => BigInt(total));
	totals.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	if (totals.length === 0) return null;
	return mean(round.rule === 'trimmed' && totals.length >= 5 ? totals.slice(1, -1) : totals);
};

const rounds = rule.rounds.filter(({ key }) => scores.some((card) => card.round === key));
const scoreOf = (proposal) => {
	const parts = rounds.map((round) => ({ weight: BigInt(round.weight), score: scoreIn(round, proposal) }));
	if (parts.every(({ score }) => score === null)) return null;
	const weights = parts.reduce((sum, { weight }) => sum + weight, 0n);
	const sum = parts.reduce((all, { weight, score }) => (score ? add(all, times(score, weight)) : all), { top: 0n, bottom: 1n });
	return { top: sum.top, bottom: sum.bottom * weights };
};
/** Two decimals, half up, of a number in hundredths. */
const printed = ({ top, bottom }) => {
	const hundredths = (2n * top + bottom) / (2n * bottom);
	return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
};

/** Ties go by the mean marks of the declared criteria, in their order; what is still equal then was drawn by lot. */
const markOf = (proposal, criterion) =>
	mean(scores.filter((card) => card.proposal === proposal && criterion in card.criteria).map((card) => BigInt(card.criteria[criterion])));
const byCriteria = (a, b) => {
	for (const criterion of rule.rounds[0].tieBreak) {
		const difference = compare(markOf(b, criterion), markOf(a, criterion));
		if (difference !== 0) return difference;
	}
	console.error(`${a} and ${b} were drawn by lot`);
	return 0;
};

const ranked = result
	.map(({ number }) => ({ number, score: scoreOf(number) }))
	.filter(({ score }) => score !== null)
	.sort((a, b) => compare(b.score, a.score) || byCriteria(a.number, b.number));

console.log(
	JSON.stringify({
		digest: createHash('sha256').update(bytes).digest('hex'),
		ranking: ranked.map(({ number, score }, at) => ({ rank: at + 1, number, score: printed(score) }))
	})
);
