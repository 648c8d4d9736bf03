import { z } from 'zod';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { interviewSchema } from '#lib/domain/surveys/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { organizationFrame, rosterNames } from '#lib/server/modules/organizations/index.ts';
import { editInterview, organizationNeeds, readInterview, setInterviewRemoved } from '#lib/server/modules/surveys/index.ts';
import { postedInterview } from '../posted-interview.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const [frame, roster, { needs, rights }, interview] = await Promise.all([
		forPage(organizationFrame(actor, id)),
		forPage(rosterNames(actor, id)),
		forPage(organizationNeeds(actor, id)),
		forPage(readInterview(actor, id, event.params.interview))
	]);
	return { ...frame, roster, known: needs.map(({ label }) => label), may: rights, interview };
};

export const actions = {
	edit: formAction(
		interviewSchema.and(z.object({ version: versionSchema })),
		async ({ version, ...interview }, { actor, event }) => {
			const { id = '', interview: interviewId = '' } = event.params;
			await editInterview(actor, id, interviewId, interview, version);
			return `/app/organizations/${id}/needs#interviews`;
		},
		postedInterview
	),
	remove: formAction(z.object({}), async (_input, { actor, event }) => {
		const { id = '', interview = '' } = event.params;
		await setInterviewRemoved(actor, id, interview, true);
		return `/app/organizations/${id}/needs?removedTalk=${interview}`;
	})
} satisfies Actions;
