import { Readable } from 'node:stream';
import type { StoredFile } from '#lib/server/platform/files.ts';

/** A stored file as an attachment: never rendered on our origin, with its own name. */
export const fileResponse = (file: StoredFile & { stream: Readable }): Response =>
	new Response(Readable.toWeb(file.stream) as ReadableStream, {
		headers: {
			'Content-Type': file.type,
			'Content-Length': String(file.bytes),
			'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
			'Cache-Control': 'private, no-store'
		}
	});
