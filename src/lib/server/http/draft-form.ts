import { tableAnswer } from '#lib/domain/competitions/question-types.ts';
import { proposalPatchSchema } from '#lib/domain/proposals/schema.ts';
import type { FormValue } from './form-data.ts';
import { isRecord, moneyReader, recordsOf, textOf } from './money-fields.ts';

type Values = Record<string, FormValue>;

const emptyLine = { category: '', item: '', unit: '', quantity: '0', unitPrice: '' };

/** What a section's form asks for beside saving: another line, one line less, what the platform
 * knows, the amount the budget comes to, or going on. */
export const actionOf = (values: Values): { kind: 'save' | 'add' | 'next' | 'fill' | 'request' } | { kind: 'remove'; line: number } => {
	const action = textOf(values.action);
	const remove = /^remove-(\d{1,2})$/.exec(action);
	if (remove) return { kind: 'remove', line: Number(remove[1]) };
	return { kind: action === 'add' || action === 'next' || action === 'fill' || action === 'request' ? action : 'save' };
};

/** Several ticks become the lines of one answer, the rows of a table its text. */
export const answersOf = (values: Values): Record<string, FormValue> => {
	const answers = isRecord(values.answers) ? values.answers : {};
	const tables = isRecord(values.table) ? values.table : {};
	return {
		...Object.fromEntries(Object.entries(answers).map(([key, answer]) => [key, Array.isArray(answer) ? answer.map(textOf).filter(Boolean).join('\n') : answer])),
		...Object.fromEntries(Object.entries(tables).map(([key, rows]) => [key, tableAnswer((Array.isArray(rows) ? rows : []).map((row) => (Array.isArray(row) ? row.map(textOf) : [])))]))
	};
};

/**
 * Shapes what a section of the form posts into an edit of the draft. Only fields that were on the page are in it:
 * yuan become fen, an empty number is zero, the lines asked for are added or left out.
 */
export const prepareDraft = (values: Values): unknown => {
	const money = moneyReader();
	const edit: Record<string, unknown> = { version: values.version };
	for (const field of ['title', 'track'] as const) if (field in values) edit[field] = values[field];
	if ('answers' in values || 'table' in values) edit.answers = answersOf(values);
	const has = (section: string): boolean => textOf(values.section) === section || textOf(values.section) === 'all';
	if (has('basics')) edit.withinCharter = values.withinCharter === 'on';
	if (has('budget')) {
		for (const field of ['requested', 'selfRaised'] as const) edit[field] = money.fen(field, values[field], 0);
		const action = actionOf(values);
		const lines: Values[] = recordsOf(values.budget).filter((_, index) => action.kind !== 'remove' || index !== action.line);
		edit.budget = [...lines, ...(action.kind === 'add' ? [emptyLine] : [])].map((line, index) => ({
			category: textOf(line.category),
			item: textOf(line.item),
			unit: textOf(line.unit),
			quantity: textOf(line.quantity).trim() || '0',
			unitPrice: money.fen(`budget[${index}].unitPrice`, line.unitPrice, 0)
		}));
	}
	money.done();
	return edit;
};

export const draftFormSchema = proposalPatchSchema;

/** The marks of the fields as the page was made, which a plain form carries along. */
export const sealsOfForm = (values: Values): Record<string, string> => {
	try {
		const seals = JSON.parse(textOf(values.seals) || '{}') as unknown;
		return typeof seals === 'object' && seals !== null
			? Object.fromEntries(Object.entries(seals).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
			: {};
	} catch {
		return {};
	}
};
