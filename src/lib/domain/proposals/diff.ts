import { canonicalEqual } from '#lib/domain/shared/equal.ts';
import { toFields } from './merge.ts';
import type { ProposalDraft } from './types.ts';

/** A piece of text in a comparison. */
export type DiffPart = { kind: 'same' | 'added' | 'removed'; text: string };

/** One changed field of two submissions; texts are compared sentence by sentence. */
export type FieldDiff = { field: string; before: unknown; after: unknown; parts: DiffPart[] | null };

// Sentences and lines are what people compare; they also keep the table of the comparison small.
const sentences = (text: string): string[] => text.match(/[^。！？；.!?;\n]*[。！？；.!?;\n]|[^。！？；.!?;\n]+$/g) ?? [];

/** Compares two texts by the longest common run of sentences. */
export const diffText = (before: string, after: string): DiffPart[] => {
	const a = sentences(before);
	const b = sentences(after);
	const width = b.length + 1;
	const lengths = new Uint16Array((a.length + 1) * width);
	const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
	for (let i = a.length - 1; i >= 0; i -= 1)
		for (let j = b.length - 1; j >= 0; j -= 1)
			lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
	const parts: DiffPart[] = [];
	const add = (kind: DiffPart['kind'], text: string) => {
		const last = parts.at(-1);
		if (last?.kind === kind) last.text += text;
		else parts.push({ kind, text });
	};
	let i = 0;
	let j = 0;
	while (i < a.length || j < b.length) {
		if (i < a.length && j < b.length && a[i] === b[j]) {
			add('same', a[i] ?? '');
			i += 1;
			j += 1;
		} else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
			add('removed', a[i] ?? '');
			i += 1;
		} else {
			add('added', b[j] ?? '');
			j += 1;
		}
	}
	return parts;
};

/** What changed between two versions of a proposal, field by field; unchanged fields are left out. */
export const diffContent = (before: Partial<ProposalDraft>, after: Partial<ProposalDraft>): FieldDiff[] => {
	const old = toFields(before);
	const young = toFields(after);
	return [...new Set([...Object.keys(old), ...Object.keys(young)])]
		.filter((field) => !canonicalEqual(old[field], young[field]))
		.map((field) => {
			const [was, is] = [old[field], young[field]];
			const texts = [was, is].every((value) => typeof value === 'string' || value === undefined);
			return { field, before: was, after: is, parts: texts ? diffText(String(was ?? ''), String(is ?? '')) : null };
		});
};
