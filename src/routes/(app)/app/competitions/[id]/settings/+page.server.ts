import { settingsGaps } from '#lib/domain/competitions/gaps.ts';
import { isFrozen } from '#lib/domain/competitions/lifecycle.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { gapHref, readCompetition, settingsOf } from '#lib/server/modules/competitions/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const competition = await forPage(readCompetition(actor, event.params.id));
	const frozen = isFrozen(competition.state);
	const gaps = frozen ? [] : settingsGaps(settingsOf(competition), now());
	return {
		frozen,
		checked: competition.checkedParts ?? [],
		gaps: gaps.map((gap) => ({ part: gap.part, path: gap.path, severity: gap.severity, message: wordsFor(gap.code, gap.params), href: gapHref(competition.id, gap) }))
	};
};
