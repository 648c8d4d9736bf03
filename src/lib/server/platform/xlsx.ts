import type { CellValue, Workbook } from 'exceljs';
import { shanghaiClock } from '#lib/domain/shared/moments.ts';
import { textWidth } from '#lib/domain/shared/text-width.ts';
import { AppError } from './errors.ts';
import { refuseLargeZip } from './zip-size.ts';

/** A cell: text, a number, a moment, yes or no, or nothing. */
export type Cell = string | number | Date | boolean | null | undefined;

export type Sheet = {
	/** At most 31 characters; what Excel forbids in names is taken out. */
	name: string;
	/**
	 * `format` is an Excel number format, e.g. `0.00` or `yyyy-mm-dd`; with a time of day in it (`hh:mm`) moments are
	 * shown as the clock in Shanghai shows them. Without `width` a column is as wide as what stands in it.
	 */
	columns: readonly { title: string; width?: number; format?: string }[];
	rows: Iterable<readonly Cell[]>;
	/** Sentences above the table: what it is, how a figure was computed. */
	notes?: readonly string[];
};

export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Most bytes a workbook may unpack to when it is read. */
const maxUnpacked = 200 * 1024 * 1024;

const newWorkbook = async (): Promise<Workbook> => {
	const { default: exceljs } = await import('exceljs');
	return new exceljs.Workbook();
};

/**
 * Text a spreadsheet might take for a formula gets an apostrophe in front, also in xlsx, where it would be harmless:
 * people save as CSV and open that. Plain numbers and telephone numbers stay as they are.
 */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) && !/^[+-][\d\s().-]*$/.test(text) ? `'${text}` : text);

const written = (cell: Cell, format = ''): CellValue =>
	cell === undefined ? null : typeof cell === 'string' ? harmless(cell) : cell instanceof Date && format.includes('h') ? shanghaiClock(cell) : cell;

/** Beyond this a text goes on in the next line of its cell. */
const widest = 44;

const widthOf = (value: CellValue, format = ''): number =>
	value instanceof Date ? format.length : typeof value === 'number' ? value.toFixed(/0\.(0+)/.exec(format)?.[1]?.length ?? 0).length + (format.includes(',') ? 2 : 0) : value === null ? 0 : textWidth(String(value));

/** An xlsx file of one or more tables, each with its header frozen and filterable, and printed as wide as the paper. */
export const writeXlsx = async (sheets: readonly Sheet[]): Promise<Uint8Array<ArrayBuffer>> => {
	const workbook = await newWorkbook();
	for (const { name, columns, rows, notes = [] } of sheets) {
		const sheet = workbook.addWorksheet(name.replace(/[[\]*?:/\\]/g, ' ').slice(0, 31));
		for (const note of notes) sheet.addRow([harmless(note)]);
		if (notes.length > 0) sheet.addRow([]);
		const head = sheet.addRow(columns.map(({ title }) => harmless(title)));
		head.font = { bold: true };
		// The arrow of the filter takes a place beside the title.
		const widths = columns.map(({ title }) => textWidth(title) + 4);
		for (const row of rows) {
			const values = row.map((cell, at) => written(cell, columns[at]?.format));
			for (const [at, value] of values.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(value, columns[at]?.format) + 2);
			sheet.addRow(values);
		}
		for (const [at, { width, format }] of columns.entries()) {
			const column = sheet.getColumn(at + 1);
			const needed = widths[at] ?? 0;
			column.width = width ?? Math.min(widest, Math.max(8, needed));
			column.alignment = { vertical: 'top', ...(width === undefined && needed > widest ? { wrapText: true } : {}) };
			if (format) column.numFmt = format;
		}
		for (let above = 1; above < head.number; above += 1) sheet.getRow(above).alignment = { wrapText: false };
		sheet.pageSetup = { paperSize: 9, orientation: columns.length > 4 ? 'landscape' : 'portrait', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: `${head.number}:${head.number}` };
		sheet.views = [{ state: 'frozen', ySplit: head.number }];
		sheet.autoFilter = { from: { row: head.number, column: 1 }, to: { row: Math.max(head.number, sheet.rowCount), column: Math.max(1, columns.length) } };
	}
	return new Uint8Array(await workbook.xlsx.writeBuffer());
};

/** A download of such a file; `filename` in ASCII, without the ending. */
export const xlsxResponse = async (filename: string, sheets: readonly Sheet[]): Promise<Response> =>
	new Response(await writeXlsx(sheets), {
		headers: {
			'Content-Type': xlsxType,
			'Content-Disposition': `attachment; filename="${filename}.xlsx"`,
			'Cache-Control': 'private, no-store',
			'X-Content-Type-Options': 'nosniff'
		}
	});

/** What a person sees in a cell, as text. Moments become ISO dates. */
const shown = (value: CellValue): string => {
	if (value === null || value === undefined) return '';
	if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
	if (typeof value !== 'object') return String(value);
	if ('richText' in value) return value.richText.map(({ text }) => text).join('');
	if ('result' in value) return shown((value.result ?? null) as CellValue);
	if ('text' in value) return shown(value.text as CellValue);
	return '';
};

/**
 * The first table of an xlsx file as text, row by row, without the empty cells at the end of each. Formulas count with their stored
 * results and are never computed.
 * @throws AppError `xlsx_broken` for what is no such file, `xlsx_too_large` beyond the limits
 */
export const readXlsx = async (bytes: Uint8Array, limits: { rows: number; columns: number }): Promise<string[][]> => {
	const workbook = await newWorkbook();
	try {
		refuseLargeZip(bytes, maxUnpacked);
		await workbook.xlsx.load(bytes.slice().buffer);
	} catch {
		throw new AppError('invalid', 'xlsx_broken');
	}
	const [sheet] = workbook.worksheets;
	if (!sheet) throw new AppError('invalid', 'xlsx_broken');
	if (sheet.actualRowCount > limits.rows) throw new AppError('too_large', 'xlsx_too_large', { params: { rows: limits.rows } });
	const table: string[][] = [];
	sheet.eachRow({ includeEmpty: false }, (row, number) => {
		if (number > limits.rows * 2) return;
		while (table.length < number - 1) table.push([]);
		const cells = Array.from({ length: Math.min(row.cellCount, limits.columns) }, (_, at) => shown(row.getCell(at + 1).value).trim());
		table.push(cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1));
	});
	return table;
};
