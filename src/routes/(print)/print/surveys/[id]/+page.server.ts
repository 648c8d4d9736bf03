import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readSurvey } from '#lib/server/modules/surveys/index.ts';
import { qrPath } from '#lib/ui/primitives/qr-code/index.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { survey } = await forPage(readSurvey(signedIn(event), event.params.id));
	const address = `${event.url.origin}/s/${survey.token}`;
	return { survey, address, code: qrPath(address) };
};
