import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { fileResponse } from '#lib/server/http/stored-file.ts';
import { openEvidence } from '#lib/server/modules/judging/index.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) =>
	fileResponse(await forPage(openEvidence(signedIn(event), event.params.id, event.params.file)));
