import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { fileResponse } from '#lib/server/http/stored-file.ts';
import { openScorecardFile } from '#lib/server/modules/judging/index.ts';
import type { RequestHandler } from './$types';

/** An attachment of the proposal, for the judge whose scorecard it belongs to. */
export const GET: RequestHandler = async (event) =>
	fileResponse(await forPage(openScorecardFile(signedIn(event), event.params.id, event.params.file)));
