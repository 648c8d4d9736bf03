import { parseYuan } from '#lib/domain/shared/money.ts';
import { budgetTotal, sensibleRequest } from '#lib/domain/proposals/total.ts';
import type { BudgetLine, ProposalDraft } from '#lib/domain/proposals/types.ts';
import { typed } from '#lib/ui/features/competitions/typed.ts';
import { yuanFieldValue } from '#lib/ui/format.ts';

/** A budget line as it stands in the fields. `key` keeps a row's place when others go. */
export type TypedLine = { key: number; category: string; item: string; unit: string; quantity: string; unitPrice: string };

/** What the form holds, as typed. Amounts in yuan. */
export type DraftContent = {
	title: string;
	track: string;
	answers: Record<string, string>;
	budget: TypedLine[];
	requested: string;
	selfRaised: string;
	withinCharter: boolean;
};

let rows = 0;
const rowKey = (): number => (rows += 1);

export const typedLine = (line: BudgetLine): TypedLine => ({
	key: rowKey(),
	category: line.category,
	item: line.item,
	unit: line.unit,
	quantity: line.quantity === 0 ? '' : String(line.quantity),
	unitPrice: line.unitPrice === 0 ? '' : yuanFieldValue(line.unitPrice)
});

export const emptyLine = (): TypedLine => ({ key: rowKey(), category: '', item: '', unit: '', quantity: '', unitPrice: '' });

const quantityOf = (text: string): number | null => {
	const plain = text.normalize('NFKC').trim();
	if (plain === '') return 0;
	return /^\d{1,7}(\.\d{1,2})?$/.test(plain) ? Number(plain) : null;
};
export const fenOf = (text: string): number | null => (text.trim() === '' ? 0 : parseYuan(text));

/** The amounts of a line while it is typed; what cannot be read yet counts nothing. */
export const amountsOf = (line: TypedLine): { quantity: number; unitPrice: number } => ({
	quantity: quantityOf(line.quantity) ?? 0,
	unitPrice: fenOf(line.unitPrice) ?? 0
});

/** The lines as the server takes them, or null while an amount is half typed (`12.`). */
export const readLines = (lines: readonly TypedLine[]): BudgetLine[] | null => {
	const read = lines.map(({ category, item, unit, quantity, unitPrice }) => ({
		category,
		item: item.trim(),
		unit: unit.trim(),
		quantity: quantityOf(quantity),
		unitPrice: fenOf(unitPrice)
	}));
	return read.every((line): line is BudgetLine => line.quantity !== null && line.unitPrice !== null) ? read : null;
};

/** What the budget as typed would have the group ask for, as the field takes it; '' while there is nothing to go by. */
export const suggestedRequest = (content: Pick<DraftContent, 'budget' | 'selfRaised'>, cap: number | null): string =>
	yuan(sensibleRequest(budgetTotal(content.budget.map(amountsOf)), fenOf(content.selfRaised) ?? 0, cap));

const yuan = (fen: number): string => (fen === 0 ? '' : yuanFieldValue(fen));

/** What the fields begin with (an empty text for every question asked): what came back from a refused form, else what is stored. */
export const startContent = (
	stored: ProposalDraft,
	asked: readonly string[],
	form: { values?: unknown; code?: string; mine?: Record<string, unknown> } | null
): DraftContent => {
	const fresh: DraftContent = {
		title: stored.title,
		track: stored.track,
		answers: { ...Object.fromEntries(asked.map((key) => [key, ''])), ...stored.answers },
		budget: stored.budget.map(typedLine),
		requested: yuan(stored.requested),
		selfRaised: yuan(stored.selfRaised),
		withinCharter: stored.withinCharter
	};
	if (!form?.values) return fresh;
	const was = typed(form.values);
	const sent = form.values as { answers?: Record<string, string>; budget?: unknown; withinCharter?: string; section?: string };
	// After a clash the fields changed on this page keep their text; the rest is what stands now.
	const keeps = (field: string) => form.code !== 'stale' || field in (form.mine ?? {});
	if ('title' in sent && keeps('title')) fresh.title = was('title');
	if ('track' in sent && keeps('track')) fresh.track = was('track');
	for (const key of Object.keys(sent.answers ?? {})) if (keeps(`answers.${key}`)) fresh.answers[key] = was(`answers.${key}`);
	if (sent.section === 'basics' && keeps('withinCharter')) fresh.withinCharter = sent.withinCharter === 'on';
	if (sent.section === 'budget') {
		if (keeps('requested')) fresh.requested = was('requested');
		if (keeps('selfRaised')) fresh.selfRaised = was('selfRaised');
		if (keeps('budget') && Array.isArray(sent.budget))
			fresh.budget = sent.budget.map((_, n) => ({
				key: rowKey(),
				category: was(`budget[${n}].category`),
				item: was(`budget[${n}].item`),
				unit: was(`budget[${n}].unit`),
				quantity: was(`budget[${n}].quantity`),
				unitPrice: was(`budget[${n}].unitPrice`)
			}));
	}
	return fresh;
};
