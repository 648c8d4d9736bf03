import { stringify } from 'csv-stringify/sync';
import { xlsxResponse } from '#lib/server/platform/xlsx.ts';

/** A table to take away: titles, and rows of texts and numbers. */
export type Table = { title: string; columns: readonly string[]; rows: readonly (readonly (string | number)[])[] };

/**
 * A table as a file: a workbook for `xlsx`, else CSV in UTF-8 with a byte order mark. Cells that look like formulas are
 * made harmless in both.
 * @param name - the file's name in ASCII, without the ending
 */
export const sendTable = (name: string, format: string | null, { title, columns, rows }: Table): Promise<Response> | Response =>
	format === 'xlsx'
		? xlsxResponse(name, [{ name: title, columns: columns.map((one) => ({ title: one })), rows }])
		: new Response(stringify([[...columns], ...rows.map((row) => [...row])], { bom: true, escape_formulas: true }), {
				headers: {
					'Content-Type': 'text/csv; charset=utf-8',
					'Content-Disposition': `attachment; filename="${name}.csv"`,
					'Cache-Control': 'private, no-store',
					'X-Content-Type-Options': 'nosniff'
				}
			});
