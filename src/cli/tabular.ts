import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { decodeText } from '#lib/server/platform/csv.ts';
import { InputError } from './command.ts';

/** A table exported from a spreadsheet: comma, semicolon or tab separated, UTF-8, UTF-16 or GBK. */
export interface Table {
	/** File name as shown in messages. */
	file: string;
	rows: TableRow[];
}

export interface TableRow {
	/** Line in the file where the row ends, from 1. */
	line: number;
	/** Trimmed cells in the order of the columns asked for. */
	cells: string[];
}

/** Other headings for a column, as spreadsheets in use have them. */
const ALIASES: Record<string, readonly string[]> = {
	proposal: ['项目', '项目名称', '项目编号', '申报项目'],
	judge: ['评委', '评委姓名', '专家'],
	score: ['分数', '得分', '总分', '评分', '匹配度'],
	cap: ['上限', '最多评审数']
};

/** The separator that occurs most often in the first line that is not blank. */
function separatorOf(text: string): string {
	const header = /^[^\S\n]*\S.*$/m.exec(text)?.[0] ?? '';
	const count = (separator: string) => header.split(separator).length;
	return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/**
 * Reads a table and picks the columns by their headings.
 * @throws InputError naming file, line and what is wrong
 */
export async function readTable(path: string, columns: readonly string[]): Promise<Table> {
	const file = basename(path);
	let bytes: Uint8Array;
	try {
		bytes = await readFile(path);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : '';
		const reasons: Record<string, string> = {
			ENOENT: 'no such file',
			EISDIR: 'is a directory',
			EACCES: 'permission denied'
		};
		throw new InputError(`${path}: ${reasons[String(code)] ?? 'cannot be read'}`);
	}
	return parseTable(file, decodeText(bytes), columns);
}

/** {@link readTable} for text already decoded. */
export function parseTable(file: string, text: string, columns: readonly string[]): Table {
	const plain = text.replace(/^\uFEFF/, '');
	if (plain.trim() === '')
		throw new InputError(`${file}: line 1: the file is empty; expected a header with ${columns.join(',')}`);
	// A spreadsheet that was opened as text often ends in NUL bytes; a binary one (xlsx) starts with PK.
	if (plain.startsWith('PK\u0003\u0004'))
		throw new InputError(`${file}: line 1: this is a workbook; save it as CSV first`);

	let header: string[] | null = null;
	let picked: number[] = [];
	const rows: TableRow[] = [];
	const take = (cells: string[], lines: number): void => {
		if (cells.every((cell) => cell === '')) return;
		if (header === null) {
			header = cells;
			picked = pickColumns(file, lines, cells, columns);
			return;
		}
		if (
			cells.length !== header.length &&
			(cells.length < header.length || cells.slice(header.length).some((c) => c !== ''))
		) {
			throw new InputError(
				`${file}: line ${lines}: ${cells.length} columns, but the header has ${header.length}`
			);
		}
		rows.push({ line: lines, cells: picked.map((at) => cells[at] ?? '') });
	};
	const separator = separatorOf(plain);
	if (!plain.includes('"')) {
		// Without quotation marks a table is just lines and separators; several times faster, for large exports.
		for (const [i, line] of plain.split(/\r\n|\n|\r/).entries()) {
			if (line !== '')
				take(
					line.split(separator).map((cell) => cell.trim()),
					i + 1
				);
		}
		return { file, rows };
	}
	try {
		parse(plain, {
			delimiter: separator,
			trim: true,
			relax_column_count: true,
			skip_empty_lines: true,
			record_delimiter: ['\r\n', '\n', '\r'],
			on_record: (cells: string[], { lines }) => {
				take(cells, lines);
				return null;
			}
		});
	} catch (error) {
		if (error instanceof InputError) throw error;
		const lines = error instanceof Error && 'lines' in error ? error.lines : '?';
		throw new InputError(`${file}: line ${String(lines)}: not a well-formed table (check the quotation marks)`);
	}
	return { file, rows };
}

function pickColumns(file: string, line: number, header: readonly string[], columns: readonly string[]): number[] {
	const names = header.map((name) => name.toLowerCase());
	return columns.map((column) => {
		const wanted = [column, ...(ALIASES[column] ?? [])];
		const places = names.flatMap((name, at) => (wanted.includes(name) ? [at] : []));
		const [place] = places;
		if (place === undefined) {
			throw new InputError(
				`${file}: line ${line}: no column "${column}" in the header (${header.join(', ').slice(0, 80)})`
			);
		}
		if (places.length > 1) throw new InputError(`${file}: line ${line}: two columns "${column}" in the header`);
		return place;
	});
}

/** A header alone is most likely the wrong file. */
export function requireRows(table: Table, what: string): void {
	if (table.rows.length === 0) throw new InputError(`${table.file}: line 2: there are no ${what} below the header`);
}

/** A cell that must not be empty. */
export function requireText(table: Table, row: TableRow, at: number, column: string): string {
	const text = row.cells[at] ?? '';
	if (text === '') throw new InputError(`${table.file}: line ${row.line}: ${column} is empty`);
	return text;
}

/** The same cell as a finite number. */
export function requireNumber(table: Table, row: TableRow, at: number, column: string): number {
	const text = requireText(table, row, at, column);
	const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
	if (!Number.isFinite(value))
		throw new InputError(`${table.file}: line ${row.line}: ${column} "${text}" is not a number`);
	return value;
}

/** Remembers the line each key was first seen on and refuses the second. */
export function refuseDuplicates(table: Table, what: (row: TableRow) => string): void {
	const seen = new Map<string, number>();
	for (const row of table.rows) {
		const key = row.cells.slice(0, 2).join('\u0000');
		const before = seen.get(key);
		if (before !== undefined) {
			throw new InputError(`${table.file}: line ${row.line}: ${what(row)} was already given in line ${before}`);
		}
		seen.set(key, row.line);
	}
}
