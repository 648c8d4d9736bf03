import { juryCodesSchema, juryRevokeSchema } from '#lib/domain/judging/schema.ts';
import { printedCode } from '#lib/domain/judging/jury-code.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { readCompetition } from '#lib/server/modules/competitions/index.ts';
import { issueJuryCodes, readJury, revokeJuryCodes } from '#lib/server/modules/judging/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import { qrPath } from '#lib/ui/primitives/qr-code/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { id } = event.params;
	const competition = await forPage(readCompetition(actor, id));
	return { competition: { id, title: competition.title }, address: `${event.url.host}/jury`, ...(await forPage(readJury(actor, id, now()))) };
};

export const actions = {
	/** The answer is the printed sheet: the codes are never seen again. */
	issue: formAction(juryCodesSchema, async (input, { event, actor }) => {
		const { codes, ...issued } = await issueJuryCodes(actor, event.params.id ?? '', input);
		return {
			issued: {
				...issued,
				slips: codes.map(({ n, code }) => ({ n, code: printedCode(code), qr: qrPath(new URL(`/jury/${code}`, event.url.origin).href) }))
			}
		};
	}),
	revoke: formAction(juryRevokeSchema, async (input, { event, actor }) => ({ revoked: (await revokeJuryCodes(actor, event.params.id ?? '', input)).revoked }))
} satisfies Actions;
