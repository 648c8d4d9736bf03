import type { FormValue } from '#lib/server/http/form-data.ts';
import { isRecord, textOf } from '#lib/server/http/money-fields.ts';

type Values = Record<string, FormValue>;

/** What the buttons of a settings form ask for beside saving. `path` is a row: `tracks[0].questions[2]`. */
export type SetupAct =
	| { kind: 'save' | 'next' }
	| { kind: 'stay'; path: string }
	| { kind: 'up' | 'down' | 'drop' | 'default'; path: string };

/** Reads the pressed button: `next`, `stay:tracks[0]`, `up:tracks[0].questions[2]`; anything else saves. */
export const setupAct = (value: unknown): SetupAct => {
	const text = typeof value === 'string' ? value : '';
	const match = /^(stay|up|down|drop|default):([A-Za-z]+(?:[.[\]]|\w)*)$/.exec(text);
	const [, kind, path] = match ?? [];
	if (path !== undefined && (kind === 'stay' || kind === 'up' || kind === 'down' || kind === 'drop' || kind === 'default')) return { kind, path };
	return { kind: text === 'next' ? 'next' : 'save' };
};

const listAt = (values: Values, path: string): { list: FormValue[]; at: number } | null => {
	const parts = path.split(/[.[\]]+/).filter(Boolean);
	const at = Number(parts.pop());
	let node: FormValue = values;
	for (const part of parts) {
		const next: FormValue | undefined = Array.isArray(node) ? node[Number(part)] : isRecord(node) ? node[part] : undefined;
		if (next === undefined) return null;
		node = next;
	}
	return Array.isArray(node) && Number.isInteger(at) && at >= 0 && at < node.length ? { list: node, at } : null;
};

const isBlank = (row: FormValue | undefined): boolean => row === undefined || (isRecord(row) && textOf(row.label).trim() === '');

/**
 * Moves a row of a posted list up or down, or takes it out, where a button asked for it. Answers the path at which
 * the row now stands, for opening it again; a row at its end stays.
 */
export const arrangeRows = (values: Values, act: SetupAct): string => {
	if (!('path' in act)) return '';
	const found = listAt(values, act.path);
	if (!found || act.kind === 'stay' || act.kind === 'default') return act.path;
	const { list, at } = found;
	if (act.kind === 'drop') {
		list.splice(at, 1);
		return act.path.slice(0, act.path.lastIndexOf('['));
	}
	const to = act.kind === 'up' ? at - 1 : at + 1;
	// The last row is the empty one for adding; nothing moves past it.
	if (to < 0 || isBlank(list[to])) return act.path;
	const [row] = list.splice(at, 1);
	if (row !== undefined) list.splice(to, 0, row);
	return act.path.replace(/\[\d+\]$/, `[${to}]`);
};
