import type { Actor } from '#lib/domain/accounts/types.ts';
import { lastAskedOn, type AskedFigures } from '#lib/domain/organizations/asked.ts';
import { dayStart } from '#lib/domain/shared/days.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, toId } from '#lib/server/platform/db/index.ts';
import { forbidden } from '#lib/server/platform/errors.ts';
import { Asked } from '../asked-model.ts';
import { Organization } from '../model.ts';
import { refreshSummary } from '../records.ts';

/**
 * Takes in what surveys and interviews brought, for the gates: the whole of it each time, so that it may come twice or
 * late without harm: `basis` counts the changes they know of, and figures that know of fewer are dropped. For the module that keeps those records only, which acts as the system.
 */
export const recordAsked = async (actor: Actor, organizationId: string, figures: AskedFigures, basis: number): Promise<void> => {
	if (actor.kind !== 'system') throw forbidden();
	try {
		await Asked.updateOne(
			{ _id: organizationId, basis: { $lte: basis } },
			{ $set: { ...figures, basis, countedAt: now() } },
			{ upsert: true }
		);
	} catch (error) {
		// Somebody who knew more was faster.
		if (!isDuplicateKey(error)) throw error;
		return;
	}
	const organization = await Organization.findById(toId(organizationId), { createdAt: 1, incubatingSince: 1 }).lean();
	if (organization) await refreshSummary(organization);
};

/** The same for histories that are loaded, many organizations in two writes: for demo and test data only. */
export const importAsked = async (entries: readonly { organization: string; figures: AskedFigures; basis: number }[]): Promise<void> => {
	const countedAt = now();
	await Asked.insertMany(entries.map(({ organization, figures, basis }) => ({ _id: organization, ...figures, basis, countedAt })), { lean: true });
	await Organization.bulkWrite(
		entries.flatMap(({ organization, figures }) => {
			const last = lastAskedOn(figures);
			return last ? [{ updateOne: { filter: { _id: toId(organization) }, update: { $max: { lastEvidenceAt: dayStart(last) } } } }] : [];
		})
	);
};
