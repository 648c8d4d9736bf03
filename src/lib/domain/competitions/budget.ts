import { z } from 'zod';
import { isFen, lineAmount, maxFen, toQuantityHundredths } from './amounts.ts';

export { lineAmount, toQuantityHundredths } from './amounts.ts';

/** Budgets of proposals: exact amounts and the competition's budget rules. All money is integer fen. */

const fen = z.int().min(0).max(maxFen);

/** A quantity is a positive decimal with at most two digits after the point: hours, days, portions. */
export const quantitySchema = z
	.number()
	.positive()
	.max(1_000_000)
	.refine((value) => toQuantityHundredths(value) !== null);

export const budgetLineSchema = z.object({
	category: z.string().min(1).max(40),
	item: z.string().trim().min(1).max(100),
	unit: z.string().trim().max(20),
	quantity: quantitySchema,
	/** In fen. */
	unitPrice: fen
});
export type BudgetLineInput = z.infer<typeof budgetLineSchema>;
/** A line as it is while being typed. */
export type BudgetLineDraft = Partial<{ [K in keyof BudgetLineInput]: BudgetLineInput[K] | null }>;

export const budgetRuleKeys = [
	'unknown_category',
	'category_over_cap',
	'per_head_over_cap',
	'single_purchase_over_cap',
	'prohibited_item',
	'requested_over_cap',
	'requested_below_floor',
	'requested_over_total',
	'requested_below_total',
	'self_raised_too_low'
] as const;
export type BudgetRuleKey = (typeof budgetRuleKeys)[number];
export type Severity = 'block' | 'warn';

const percent = z.int().min(0).max(100);

export const budgetRulesSchema = z.object({
	/** Most a category may take of the budget's total, in whole percent; null: as incurred. */
	categories: z.array(z.object({ key: z.string(), label: z.string(), capPercent: percent.nullable() })).min(1),
	/** Most per person, for lines counted in people. */
	perHeadCapFen: fen.optional(),
	/** Most for one line. */
	singlePurchaseCapFen: fen.optional(),
	/** Words that suggest an item nobody may buy with the grant. */
	prohibited: z.array(z.object({ key: z.string(), words: z.array(z.string().min(1)) })),
	/** Least share of the total the group raises itself. */
	selfRaisedMinPercent: percent.optional(),
	/** Overrides of {@link defaultSeverity}. */
	severity: z.partialRecord(z.enum(budgetRuleKeys), z.enum(['block', 'warn'])).default({})
});
export type BudgetRules = z.infer<typeof budgetRulesSchema>;

/** A word found in an item's name is only a suspicion and requesting less than the total is usual, so both only warn. */
export const defaultSeverity: Record<BudgetRuleKey, Severity> = {
	unknown_category: 'block',
	category_over_cap: 'block',
	per_head_over_cap: 'block',
	single_purchase_over_cap: 'block',
	prohibited_item: 'warn',
	requested_over_cap: 'block',
	requested_below_floor: 'block',
	requested_over_total: 'block',
	requested_below_total: 'warn',
	self_raised_too_low: 'block'
};

/** Rules a new competition starts with. */
export const defaultBudgetRules: BudgetRules = {
	categories: [
		{ key: 'activity', label: '活动费用', capPercent: null },
		{ key: 'staff', label: '人员补贴', capPercent: 20 },
		{ key: 'experts', label: '专家费用', capPercent: 15 },
		{ key: 'publicity', label: '宣传费用', capPercent: 10 },
		{ key: 'management', label: '管理费用', capPercent: 5 },
		{ key: 'tax', label: '税费', capPercent: null }
	],
	prohibited: [
		{
			key: 'fixed_assets',
			words: ['电脑', '空调', '打印机', '复印机', '投影仪', '照相机', '摄像机', '手机', '家具']
		},
		{ key: 'infrastructure', words: ['装修', '基建', '施工', '工程款'] },
		{ key: 'cash_or_gifts', words: ['现金', '红包', '慰问金', '礼金', '购物卡', '礼品卡'] }
	],
	severity: {}
};

/** Competition limits for one request, in fen; null: none. */
export interface RequestLimits {
	capFen: number | null;
	floorFen: number | null;
}

export interface BudgetFinding {
	/** The field, `budget[2].unitPrice`, `requested`, or `budget` for the whole table. */
	path: string;
	code: BudgetRuleKey | 'quantity_invalid' | 'unit_price_invalid' | 'requested_invalid';
	severity: Severity;
	/** For the message; names ending in `Fen` are amounts in fen. */
	params: Record<string, string | number>;
}

export interface BudgetCheck {
	/** Amount per line in fen, null where quantity or price is not valid yet. */
	amounts: (number | null)[];
	totalFen: number;
	/** Per category of the rules, in their order. */
	categories: { key: string; amountFen: number; capFen: number | null }[];
	findings: BudgetFinding[];
	/** True when nothing keeps the proposal from being submitted. */
	submittable: boolean;
}

/** Units that count people. */
const PEOPLE_UNITS = new Set(['人', '人次', '位', '名', 'person', 'people', 'head']);

function plain(text: string): string {
	return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** `part` is more than `percent` % of `whole`, exactly. */
function exceeds(part: number, percentage: number, whole: number): boolean {
	return BigInt(part) * 100n > BigInt(percentage) * BigInt(whole);
}

function percentOf(whole: number, percentage: number): number {
	return Number((BigInt(whole) * BigInt(percentage)) / 100n);
}

/** Checks a budget, finished or not. `requestedFen` null: not typed yet. */
export function checkBudget(
	lines: readonly BudgetLineDraft[],
	requestedFen: number | null,
	rules: BudgetRules,
	limits: RequestLimits
): BudgetCheck {
	const findings: BudgetFinding[] = [];
	const add = (path: string, code: BudgetRuleKey, params: BudgetFinding['params'] = {}) =>
		findings.push({ path, code, severity: rules.severity[code] ?? defaultSeverity[code], params });
	const invalid = (path: string, code: BudgetFinding['code']) =>
		findings.push({ path, code, severity: 'block', params: {} });

	const amounts = lines.map(lineAmount);
	const totalFen = amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0);
	const known = new Set(rules.categories.map(({ key }) => key));
	for (const [i, line] of lines.entries()) {
		const at = `budget[${i}]`;
		const amountFen = amounts[i] ?? 0;
		if (toQuantityHundredths(line.quantity) === null) invalid(`${at}.quantity`, 'quantity_invalid');
		if (!isFen(line.unitPrice)) invalid(`${at}.unitPrice`, 'unit_price_invalid');
		if (!known.has(line.category ?? ''))
			add(`${at}.category`, 'unknown_category', { category: line.category ?? '' });
		const { perHeadCapFen, singlePurchaseCapFen } = rules;
		if (
			perHeadCapFen !== undefined &&
			PEOPLE_UNITS.has(plain(line.unit ?? '')) &&
			(line.unitPrice ?? 0) > perHeadCapFen
		) {
			add(`${at}.unitPrice`, 'per_head_over_cap', { unitPriceFen: line.unitPrice ?? 0, capFen: perHeadCapFen });
		}
		if (singlePurchaseCapFen !== undefined && amountFen > singlePurchaseCapFen) {
			add(`${at}.unitPrice`, 'single_purchase_over_cap', { amountFen, capFen: singlePurchaseCapFen });
		}
		const item = plain(line.item ?? '');
		for (const { key, words } of rules.prohibited) {
			const word = words.find((candidate) => item.includes(plain(candidate)));
			if (word !== undefined) add(`${at}.item`, 'prohibited_item', { key, word });
		}
	}

	const categories = rules.categories.map(({ key, label, capPercent }) => {
		const amountFen = lines.reduce((sum, line, i) => sum + (line.category === key ? (amounts[i] ?? 0) : 0), 0);
		const capFen = capPercent === null ? null : percentOf(totalFen, capPercent);
		if (capPercent !== null && capFen !== null && exceeds(amountFen, capPercent, totalFen)) {
			add('budget', 'category_over_cap', {
				category: key,
				label,
				amountFen,
				capFen,
				overFen: amountFen - capFen,
				capPercent
			});
		}
		return { key, amountFen, capFen };
	});

	if (requestedFen !== null && (!isFen(requestedFen) || requestedFen === 0))
		invalid('requested', 'requested_invalid');
	else if (requestedFen !== null) checkRequest(requestedFen, totalFen, rules, limits, add);
	return {
		amounts,
		totalFen,
		categories,
		findings,
		submittable: !findings.some(({ severity }) => severity === 'block')
	};
}

function checkRequest(
	requestedFen: number,
	totalFen: number,
	rules: BudgetRules,
	{ capFen, floorFen }: RequestLimits,
	add: (path: string, code: BudgetRuleKey, params: BudgetFinding['params']) => void
): void {
	if (capFen !== null && requestedFen > capFen) {
		add('requested', 'requested_over_cap', { requestedFen, capFen, overFen: requestedFen - capFen });
	}
	if (floorFen !== null && requestedFen < floorFen) {
		add('requested', 'requested_below_floor', { requestedFen, floorFen, shortFen: floorFen - requestedFen });
	}
	if (requestedFen > totalFen) {
		add('requested', 'requested_over_total', { requestedFen, totalFen, overFen: requestedFen - totalFen });
		return;
	}
	const selfRaisedFen = totalFen - requestedFen;
	const least = rules.selfRaisedMinPercent ?? 0;
	if (least > 0) {
		// Requested over (100 − least) % of the total is self-raised under least %.
		if (exceeds(requestedFen, 100 - least, totalFen)) {
			add('requested', 'self_raised_too_low', { selfRaisedFen, totalFen, minPercent: least });
		}
	} else if (selfRaisedFen > 0) {
		add('requested', 'requested_below_total', { requestedFen, totalFen, selfRaisedFen });
	}
}
