import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { fileResponse } from '#lib/server/http/stored-file.ts';
import { openAttachment } from '#lib/server/modules/proposals/index.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	return fileResponse(await forPage(openAttachment(actor, event.params.id, event.params.file)));
};
