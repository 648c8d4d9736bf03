import { Readable } from 'node:stream';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { openOrganizationFile } from '#lib/server/modules/organizations/index.ts';
import type { RequestHandler } from './$types';

/** Pictures are shown, everything else is handed over as a file; nothing is ever run. */
export const GET: RequestHandler = async (event) => {
	const file = await forPage(openOrganizationFile(signedIn(event), event.params.id, event.params.file));
	const look = file.type.startsWith('image/') ? 'inline' : 'attachment';
	return new Response(Readable.toWeb(file.stream) as ReadableStream, {
		headers: {
			'Content-Type': file.type,
			'Content-Length': String(file.bytes),
			'Content-Disposition': `${look}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
			'Cache-Control': 'private, no-store'
		}
	});
};
