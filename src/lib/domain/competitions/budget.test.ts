import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	budgetLineSchema,
	budgetRulesSchema,
	checkBudget,
	defaultBudgetRules,
	lineAmount,
	toQuantityHundredths,
	type BudgetLineDraft,
	type BudgetRules
} from '#lib/domain/competitions/budget.ts';

const line = (category: string, unitPrice: number, quantity = 1, more: BudgetLineDraft = {}): BudgetLineDraft => ({
	category,
	item: '材料',
	unit: '份',
	quantity,
	unitPrice,
	...more
});
const free = { capFen: null, floorFen: null };
const rules = (more: Partial<BudgetRules> = {}): BudgetRules => ({ ...defaultBudgetRules, ...more });
const found = (
	lines: BudgetLineDraft[],
	requested: number | null,
	r = rules(),
	limits: { capFen: number | null; floorFen: number | null } = free
) => checkBudget(lines, requested, r, limits).findings.map((f) => `${f.path}:${f.code}:${f.severity}`);

describe('amounts', () => {
	it.each([
		[2.5, 333, 833], // 832.5
		[0.01, 49, 0],
		[0.01, 50, 1],
		[1.15, 100, 115],
		[3, 0, 0],
		[1_000_000, 10_000_000_000, null] // more than fits an integer
	])('%d × %d fen is %d', (quantity, unitPrice, amount) => {
		expect(lineAmount({ quantity, unitPrice })).toBe(amount);
	});

	it.each([0, -1, 1.234, NaN, Infinity, 1e-7, '2', null, undefined])('refuses quantity %s', (quantity) => {
		expect(toQuantityHundredths(quantity)).toBeNull();
	});

	it('equals exact arithmetic for every quantity in hundredths', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 99_999_999 }),
				fc.integer({ min: 0, max: 100_000_000 }),
				(hundredths, unitPrice) => {
					const exact = BigInt(hundredths) * BigInt(unitPrice);
					const rounded = exact % 100n >= 50n ? exact / 100n + 1n : exact / 100n;
					expect(lineAmount({ quantity: hundredths / 100, unitPrice })).toBe(Number(rounded));
				}
			)
		);
	});
});

describe('rules', () => {
	it('lets a sound budget through', () => {
		const lines = [line('activity', 100_00, 50), line('staff', 1000_00), line('experts', 300_00)];
		const check = checkBudget(lines, 6300_00, rules(), { capFen: 6300_00, floorFen: 1000_00 });
		expect(check).toMatchObject({
			totalFen: 6300_00,
			findings: [],
			submittable: true,
			amounts: [5000_00, 1000_00, 300_00]
		});
		expect(check.categories[1]).toEqual({ key: 'staff', amountFen: 1000_00, capFen: 1260_00 });
	});

	it('compares percentages exactly', () => {
		expect(found([line('activity', 80_00), line('staff', 20_00)], 100_00)).toEqual([]);
		expect(found([line('activity', 7999), line('staff', 2000)], 9999)).toEqual(['budget:category_over_cap:block']);
		const [finding] = checkBudget([line('activity', 7999), line('staff', 2000)], null, rules(), free).findings;
		expect(finding?.params).toEqual({
			category: 'staff',
			label: '人员补贴',
			amountFen: 2000,
			capFen: 1999,
			overFen: 1,
			capPercent: 20
		});
	});

	it('stops one fen over the cap and one under the floor', () => {
		const lines = [line('activity', 5000_00)];
		const limits = { capFen: 4999_99, floorFen: null };
		expect(found(lines, 5000_00, rules(), limits)).toEqual(['requested:requested_over_cap:block']);
		expect(found(lines, 4999_99, rules(), limits)).toEqual(['requested:requested_below_total:warn']);
		expect(found(lines, 5000_00, rules(), { capFen: null, floorFen: 5000_01 })).toEqual([
			'requested:requested_below_floor:block'
		]);
	});

	it('notices a request that is not the sum', () => {
		expect(found([line('activity', 100)], 101)).toEqual(['requested:requested_over_total:block']);
		expect(found([line('activity', 100)], 99)).toEqual(['requested:requested_below_total:warn']);
		expect(found([line('activity', 100)], 0)).toEqual(['requested:requested_invalid:block']);
		expect(found([line('activity', 100)], 1.5)).toEqual(['requested:requested_invalid:block']);
	});

	it('asks for the self-raised share, exactly', () => {
		const r = rules({ selfRaisedMinPercent: 10 });
		expect(found([line('activity', 1000)], 900, r)).toEqual([]);
		expect(found([line('activity', 1000)], 901, r)).toEqual(['requested:self_raised_too_low:block']);
	});

	it('caps per head and per purchase', () => {
		const r = rules({ perHeadCapFen: 50_00, singlePurchaseCapFen: 1000_00 });
		expect(found([line('activity', 50_01, 10, { unit: '人次' })], null, r)).toEqual([
			'budget[0].unitPrice:per_head_over_cap:block'
		]);
		expect(found([line('activity', 50_01, 10)], null, r)).toEqual([]);
		expect(found([line('activity', 50_01, 20)], null, r)).toEqual([
			'budget[0].unitPrice:single_purchase_over_cap:block'
		]);
	});

	it('finds prohibited words however they are spaced, and can block them', () => {
		const lines = [line('activity', 100, 1, { item: '笔记本电 脑' }), line('activity', 100, 1, { item: '慰问金' })];
		expect(found(lines, null)).toEqual([
			'budget[0].item:prohibited_item:warn',
			'budget[1].item:prohibited_item:warn'
		]);
		expect(checkBudget(lines, null, rules({ severity: { prohibited_item: 'block' } }), free).submittable).toBe(
			false
		);
		expect(checkBudget(lines, null, rules(), free).findings[0]?.params).toEqual({
			key: 'fixed_assets',
			word: '电脑'
		});
	});

	it('bears an unfinished draft', () => {
		expect(found([{}, line('nonsense', 1)], null)).toEqual([
			'budget[0].quantity:quantity_invalid:block',
			'budget[0].unitPrice:unit_price_invalid:block',
			'budget[0].category:unknown_category:block',
			'budget[1].category:unknown_category:block'
		]);
		expect(checkBudget([], null, rules(), free)).toMatchObject({ totalFen: 0, submittable: true });
	});
});

it('does not depend on the order of lines, and scaling all prices changes no percentage finding', () => {
	const lineArbitrary = fc
		.tuple(
			fc.constantFrom('activity', 'staff', 'experts', 'publicity', 'management'),
			fc.integer({ min: 0, max: 100_000 })
		)
		.map(([category, unitPrice]) => line(category, unitPrice));
	fc.assert(
		fc.property(fc.array(lineArbitrary, { maxLength: 10 }), fc.integer({ min: 2, max: 9 }), (lines, factor) => {
			const codes = (all: BudgetLineDraft[]) =>
				checkBudget(all, null, rules(), free).findings.map((f) => f.params.category);
			expect(codes([...lines].reverse())).toEqual(codes(lines));
			expect(codes(lines.map((l) => ({ ...l, unitPrice: (l.unitPrice ?? 0) * factor })))).toEqual(codes(lines));
		})
	);
});

it('validates what is stored', () => {
	expect(budgetLineSchema.safeParse(line('activity', 100, 2.55)).success).toBe(true);
	expect(budgetLineSchema.safeParse(line('activity', 100, 2.555)).success).toBe(false);
	expect(budgetLineSchema.safeParse(line('activity', 0.5)).success).toBe(false);
	expect(budgetRulesSchema.parse(defaultBudgetRules)).toEqual(defaultBudgetRules);
	expect(budgetRulesSchema.safeParse({ ...defaultBudgetRules, severity: { nonsense: 'block' } }).success).toBe(false);
});
