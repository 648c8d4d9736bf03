import type { Actor } from '#lib/domain/accounts/types.ts';
import type { GrowthInput } from '#lib/domain/organizations/growth.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { now } from '#lib/server/platform/clock.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { personOf } from '../access.ts';
import { Member } from '../records-model.ts';
import { growthView } from '../queries/growth.ts';
import { loadRecorded } from './roster.ts';

/** Keeps what a member can do, the step from taking part to serving others, and a mentoring note; notes are only added. */
export const growMember = async (actor: Actor, organizationId: string, memberId: string, input: GrowthInput): Promise<void> => {
	await loadRecorded(actor, organizationId, 'organization.record');
	if (input.providerSince > dayOf(now())) throw invalidField('providerSince', 'day_in_future');
	const note = input.note ? { at: now(), by: personOf(actor), text: input.note } : null;
	const { modifiedCount } = await Member.updateOne(
		{ _id: toId(memberId), organization: organizationId, version: input.version },
		{
			$set: { competencies: [...new Set(input.competencies)], providerSince: input.providerSince },
			...(note ? { $push: { mentoring: { $each: [note], $position: 0, $slice: 100 } } } : {}),
			$inc: { version: 1 }
		}
	);
	if (modifiedCount === 0) {
		const present = await Member.findOne({ _id: toId(memberId), organization: organizationId }).lean();
		throw present ? stale(growthView(present)) : notFound();
	}
	await recordAct({
		chain: `organization:${organizationId}`,
		actor,
		action: 'member_grown',
		subject: memberId,
		detail: { competencies: input.competencies, provider: input.providerSince !== '', note: note !== null }
	});
};
