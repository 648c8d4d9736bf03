import type { Actor } from '#lib/domain/accounts/types.ts';
import { overallLevel, type Overall } from '#lib/domain/organizations/maturity.ts';
import { contradictions } from '#lib/domain/organizations/suggestion.ts';
import type { AssessmentInput } from '#lib/domain/organizations/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { invalid, notFound } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { personOf } from '../access.ts';
import { refreshMaturityTally } from '../maturity-tallies.ts';
import { Assessment } from '../model.ts';
import { refreshSummary } from '../records.ts';
import { cityOf, newestModelVersion } from '../standards.ts';
import { suggestionsFor } from '../suggestions.ts';
import { loadRecorded } from './roster.ts';

/**
 * Keeps an assessment by the group itself or by the station. The overall level is computed, never typed. `entry`
 * makes a repeat one assessment. With `acknowledged` false, levels the record contradicts are refused at their fields,
 * so that a page can show what speaks against them; they are kept once the person stands by them.
 */
export const assess = async (
	actor: Actor,
	organizationId: string,
	input: AssessmentInput,
	entry?: string,
	acknowledged = true
): Promise<{ id: string } & Overall> => {
	const organization = await loadRecorded(actor, organizationId, input.by === 'self' ? 'assessment.self' : 'assessment.station');
	const modelVersion = await newestModelVersion(cityOf(organization));
	const found = contradictions(input.levels, await suggestionsFor(organization, modelVersion));
	if (!acknowledged && found.length > 0)
		throw invalid(
			found.map(({ dimension, kind, bound }) => ({ path: `levels.${dimension}`, code: `level_${kind}_record`, params: { level: bound } })),
			'record_contradicts'
		);
	const result = overallLevel(input.levels);
	const _id = entry ? toId(entry) : newId();
	const id = _id.toHexString();
	try {
		await Assessment.create({
			_id,
			organization: organizationId,
			by: input.by,
			author: personOf(actor),
			at: now(),
			levels: input.levels,
			notes: input.notes,
			overall: result.overall,
			modelVersion,
			contradicted: found.map(({ dimension, kind, bound }) => ({ dimension, kind, bound }))
		});
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		if (!(await Assessment.exists({ _id, organization: organizationId }))) throw notFound();
		return { id, ...result };
	}
	await refreshSummary(organization);
	if (input.by === 'station') await refreshMaturityTally(organization.station, organization.stationPath);
	await recordAct({
		chain: `organization:${organizationId}`,
		actor,
		action: 'assessed',
		subject: id,
		detail: { by: input.by, overall: result.overall, model: modelVersion, contradicted: found.map(({ dimension }) => dimension) }
	});
	return { id, ...result };
};
