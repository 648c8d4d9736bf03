import { Readable } from 'node:stream';

/** A file name for a header: plain letters for old clients, the real name in UTF-8 (RFC 6266). */
const disposition = (name: string): string =>
	`attachment; filename="${name.replace(/[^\x20-\x7e]|["\\]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`;

/** Sends lines of text as a CSV file, as they come. The mark at its head tells spreadsheets that it is UTF-8. */
export const sendCsv = (name: string, lines: AsyncIterable<string>): Response =>
	new Response(
		Readable.toWeb(
			Readable.from(
				(async function* () {
					yield '\uFEFF';
					yield* lines;
				})()
			)
		) as ReadableStream,
		{
			headers: {
				'Content-Type': 'text/csv; charset=utf-8',
				'Content-Disposition': disposition(name),
				'X-Content-Type-Options': 'nosniff',
				'Cache-Control': 'private, no-store'
			}
		}
	);

/** Sends a whole file under its own name. */
export const sendFile = (name: string, type: string, bytes: Uint8Array<ArrayBuffer>): Response =>
	new Response(bytes, {
		headers: {
			'Content-Type': type,
			'Content-Disposition': disposition(name),
			'X-Content-Type-Options': 'nosniff',
			'Cache-Control': 'private, no-store'
		}
	});
