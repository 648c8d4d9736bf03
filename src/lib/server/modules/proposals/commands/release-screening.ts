import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { conflict, forbidden } from '#lib/server/platform/errors.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { recordAct } from '../../audit/index.ts';
import { markScreeningReleased, readCompetition, resourceOf } from '../../competitions/index.ts';
import { freshCounts } from '../counts.ts';

/**
 * Tells all applicants of a competition at once who passed screening, after the call has closed and every proposal
 * is screened. Asking again changes nothing. Event `screening.released`.
 */
export const releaseScreening = async (actor: Actor, competitionId: string): Promise<void> => {
	const competition = await readCompetition(actor, competitionId);
	if (!can(actor, 'competition.manage', resourceOf(competition))) throw forbidden();
	if (competition.state !== 'screening') throw conflict('screening_release_not_now');
	const counts = await freshCounts(competitionId);
	if (counts.submitted + counts.returned > 0) throw conflict('screening_release_open', { n: counts.submitted + counts.returned });
	const at = now();
	if (!(await markScreeningReleased(competitionId, at))) return;
	await recordAct({
		chain: `competition:${competitionId}`,
		actor,
		action: 'screening_released',
		subject: competitionId,
		detail: { passed: counts.passed, rejected: counts.rejected }
	});
	await publish({ kind: 'screening.released', key: `screening.released:${competitionId}`, payload: { competition: competitionId, at: at.toISOString() } });
};
