import { parse } from 'csv-parse/sync';
import { AppError } from './errors.ts';

/** Decodes text by its byte order mark, else as UTF-8, else as GB 18030 (which contains GBK and GB 2312). */
export const decodeText = (bytes: Uint8Array): string => {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder('gb18030').decode(bytes);
	}
};

/** The separator that occurs most often in the first line that is not blank. */
const separatorOf = (text: string): string => {
	const header = /^[^\S\n]*\S.*$/m.exec(text)?.[0] ?? '';
	const count = (separator: string) => header.split(separator).length;
	return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
};

/**
 * The cells of a CSV file as text, row by row; comma, semicolon or tab separated.
 * @throws AppError `csv_broken` for what is no such table, `xlsx_too_large` beyond the limits
 */
export const readCsv = (bytes: Uint8Array, limits: { rows: number; columns: number }): string[][] => {
	const text = decodeText(bytes).replace(/^\uFEFF/, '');
	if (text.includes('\u0000')) throw new AppError('invalid', 'csv_broken');
	let rows: string[][];
	try {
		rows = parse(text, {
			delimiter: separatorOf(text),
			trim: true,
			relax_column_count: true,
			relax_quotes: true,
			skip_empty_lines: false,
			record_delimiter: ['\r\n', '\n', '\r']
		});
	} catch {
		throw new AppError('invalid', 'csv_broken');
	}
	if (rows.length > limits.rows) throw new AppError('too_large', 'xlsx_too_large', { params: { rows: limits.rows } });
	return rows.map((cells) => cells.slice(0, limits.columns));
};
