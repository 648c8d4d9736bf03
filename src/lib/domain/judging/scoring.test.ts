import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rubricSchema } from '#lib/domain/judging/rubric.ts';
import { anchorLevel, commentRequired, scoreScorecard, type RubricCriterion } from '#lib/domain/judging/scoring.ts';

const anchors = { high: 'h', middle: 'm', low: 'l' };
const criterion = (key: string, points: number, step: 1 | 0.5 = 1): RubricCriterion => ({
	key,
	label: key,
	points,
	step,
	anchors
});
const rubric = [criterion('need', 20), criterion('budget', 15, 0.5), criterion('sustainability', 5)];
const codes = (scores: Record<string, unknown>, comments: Record<string, string> = {}) =>
	scoreScorecard(rubric, { scores: scores as Record<string, number>, comments }).problems.map(
		(p) => `${p.path}:${p.code}`
	);

describe('scoring a card', () => {
	it('adds whole and half points in hundredths', () => {
		const card = scoreScorecard(rubric, { scores: { need: 16, budget: 12.5, sustainability: 4 }, comments: {} });
		expect(card).toEqual({
			total: 3250,
			maximum: 4000,
			criteria: { need: 1600, budget: 1250, sustainability: 400 },
			answered: 3,
			complete: true,
			problems: []
		});
	});

	it('totals a draft as far as it goes', () => {
		const card = scoreScorecard(rubric, { scores: { need: 16, budget: null }, comments: {} });
		expect(card).toMatchObject({ total: 1600, answered: 1, complete: false });
		expect(card.problems.map((p) => p.path)).toEqual(['scores.budget', 'scores.sustainability']);
	});

	it.each([
		[{ need: 21, budget: 12, sustainability: 4 }, 'scores.need:above_maximum'],
		[{ need: -1, budget: 12, sustainability: 4 }, 'scores.need:below_zero'],
		[{ need: 16.5, budget: 12, sustainability: 4 }, 'scores.need:off_step'],
		[{ need: 16, budget: 12.25, sustainability: 4 }, 'scores.budget:off_step'],
		[{ need: Number.NaN, budget: 12, sustainability: 4 }, 'scores.need:not_a_number'],
		[{ need: '16', budget: 12, sustainability: 4 }, 'scores.need:not_a_number'],
		[{ need: Infinity, budget: 12, sustainability: 4 }, 'scores.need:not_a_number'],
		[{ need: 16, budget: 12, sustainability: 4, constructor: 3 }, 'scores.constructor:unknown_criterion']
	])('refuses %j', (scores, problem) => {
		expect(codes(scores)).toEqual([problem]);
	});

	it('does not take inherited properties for marks', () => {
		const inherited = Object.create({ need: 16 }) as Record<string, number>;
		expect(scoreScorecard([criterion('need', 20)], { scores: inherited, comments: {} }).answered).toBe(0);
	});
});

describe('comments at the extremes', () => {
	it.each([
		[12, null],
		[11, 'low'],
		[18, null],
		[19, 'high']
	])('%d of 20 needs %s', (points, need) => {
		expect(commentRequired(criterion('need', 20), points)).toBe(need);
	});

	it('compares exactly where the limit is no whole mark', () => {
		expect(commentRequired(criterion('x', 7, 0.5), 4)).toBe('low'); // 60 % is 4.2
		expect(commentRequired(criterion('x', 7, 0.5), 4.5)).toBeNull();
		expect(commentRequired(criterion('x', 15, 0.5), 13.5)).toBeNull(); // exactly 90 %
		expect(commentRequired(criterion('x', 15, 0.5), 14)).toBe('high');
	});

	it('says which criterion and which way, and a blank does not count', () => {
		expect(codes({ need: 5, budget: 15, sustainability: 4 }, { need: '  ' })).toEqual([
			'comments.need:comment_required_low',
			'comments.budget:comment_required_high'
		]);
		expect(codes({ need: 5, budget: 15, sustainability: 4 }, { need: '需求调研不足', budget: '很细' })).toEqual([]);
	});
});

it('places marks at anchors', () => {
	const c = criterion('need', 20);
	expect([17, 16, 12, 11].map((points) => anchorLevel(c, points))).toEqual(['high', 'middle', 'middle', 'low']);
});

it('validates rubrics', () => {
	expect(rubricSchema.parse([{ key: 'need', label: '需求', points: 20, anchors }])[0]?.step).toBe(1);
	expect(rubricSchema.safeParse([...rubric, rubric[0]]).success).toBe(false);
	expect(rubricSchema.safeParse([{ ...rubric[0], points: 2.5 }]).success).toBe(false);
	expect(rubricSchema.safeParse([{ ...rubric[0], key: '__proto__' }]).success).toBe(false);
});

it('gives the sum of the marks for any valid card, within 0 and the maximum', () => {
	const cardOf = fc.array(
		fc.record({ points: fc.integer({ min: 1, max: 100 }), step: fc.constantFrom<1 | 0.5>(1, 0.5), at: fc.nat() }),
		{
			minLength: 1,
			maxLength: 8
		}
	);
	fc.assert(
		fc.property(cardOf, (parts) => {
			const criteria = parts.map((part, i) => criterion(`c${i}`, part.points, part.step));
			const marks = parts.map((part) => (part.at % (part.points / part.step + 1)) * part.step);
			const card = scoreScorecard(criteria, {
				scores: Object.fromEntries(marks.map((mark, i) => [`c${i}`, mark])),
				comments: Object.fromEntries(marks.map((_, i) => [`c${i}`, 'why']))
			});
			expect(card.complete).toBe(true);
			expect(card.total).toBe(marks.reduce((a, b) => a + b, 0) * 100);
			expect(card.total).toBeLessThanOrEqual(card.maximum);
		})
	);
});
