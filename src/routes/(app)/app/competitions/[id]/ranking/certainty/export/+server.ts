import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { competitionById } from '#lib/server/modules/competitions/index.ts';
import { readCertainty } from '#lib/server/modules/judging/index.ts';
import { xlsxResponse } from '#lib/server/platform/xlsx.ts';
import type { RequestHandler } from './$types';
import { justification } from './justification.ts';

/** Everything that justifies a selection, as one workbook. */
export const GET: RequestHandler = async (event) => {
	const view = await forPage(readCertainty(signedIn(event), event.params.id));
	const competition = await competitionById(event.params.id);
	return xlsxResponse(`${competition.slug}-ranking`, justification(competition.title, view));
};
