import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor, Grant, Resource } from '#lib/domain/accounts/types.ts';
import type { Action } from '#lib/domain/accounts/policy.ts';
import { now } from '#lib/server/platform/clock.ts';
import { newId } from '#lib/server/platform/db/index.ts';
import { forbidden } from '#lib/server/platform/errors.ts';
import { newSecret, hashSecret } from '#lib/server/platform/secrets.ts';
import { recordAct } from '../../audit/index.ts';
import { Invitation } from '../model.ts';

const daysValid = 14;

/**
 * Makes a link that gives its finder a role, once. The secret is in the answer only; the database keeps its hash.
 * `right` and `resource` say what the actor must be allowed to do (a judge: manage the competition).
 */
export const invite = async (
	actor: Actor,
	input: { grant: Grant; title: string; name: string; reference: string | null; right: Action; resource: Resource }
): Promise<{ secret: string; expiresAt: Date }> => {
	if (!can(actor, input.right, input.resource)) throw forbidden();
	const secret = newSecret();
	const expiresAt = new Date(now().getTime() + daysValid * 86_400_000);
	await Invitation.create({
		_id: newId(),
		tokenHash: hashSecret(secret),
		grant: input.grant,
		title: input.title,
		name: input.name,
		reference: input.reference,
		expiresAt,
		createdBy: actor.kind === 'user' ? actor.id : 'system',
		createdAt: now()
	});
	await recordAct({
		chain: 'accounts',
		actor,
		action: 'invited',
		subject: input.grant.scopeId ?? 'platform',
		detail: { role: input.grant.role }
	});
	return { secret, expiresAt };
};
