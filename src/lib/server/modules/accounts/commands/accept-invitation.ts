import type { z } from 'zod';
import { shortNameSchema, type acceptInvitationSchema } from '#lib/domain/accounts/schema.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { phoneSchema } from '#lib/domain/shared/fields.ts';
import { now } from '#lib/server/platform/clock.ts';
import { AppError, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { publish } from '#lib/server/platform/outbox.ts';
import { hashSecret } from '#lib/server/platform/secrets.ts';
import { recordAct } from '../../audit/index.ts';
import { loginName } from '../login-name.ts';
import { Invitation, User, type InvitationDocument } from '../model.ts';
import { createUser, grantRole } from './create-user.ts';

/** What an invitation offers; 404 when the link is unknown, used or over. */
export const readInvitation = async (
	secret: string
): Promise<{ role: string; scope: string | null; title: string; name: string; expiresAt: Date }> => {
	const found = await Invitation.findOne({ tokenHash: hashSecret(secret) }).lean();
	if (!found || found.usedAt || found.expiresAt <= now()) throw notFound();
	return { role: found.grant.role, scope: found.grant.scopeId, title: found.title, name: found.name, expiresAt: found.expiresAt };
};

const take = async (secret: string): Promise<InvitationDocument> => {
	const taken = await Invitation.findOneAndUpdate(
		{ tokenHash: hashSecret(secret), usedAt: null, expiresAt: { $gt: now() } },
		{ $set: { usedAt: now() } },
		{ returnDocument: 'after' }
	).lean();
	if (!taken) throw new AppError('not_found', 'invitation_used');
	return taken;
};

const finish = async (invitation: InvitationDocument, userId: string, name: string): Promise<void> => {
	await grantRole(userId, invitation.grant);
	await Invitation.updateOne({ _id: invitation._id }, { $set: { usedBy: userId } });
	await recordAct({
		chain: 'accounts',
		actor: { kind: 'system', name },
		action: 'invitation_accepted',
		subject: invitation._id.toHexString(),
		detail: { user: userId, role: invitation.grant.role }
	});
	await publish({
		kind: 'invitation.accepted',
		key: `invitation:${invitation._id.toHexString()}`,
		payload: { reference: invitation.reference, role: invitation.grant.role, scopeId: invitation.grant.scopeId, userId, name }
	});
};

/** Accepts as somebody who is signed in already. */
export const acceptInvitationAs = async (actor: Extract<Actor, { kind: 'user' }>, secret: string): Promise<void> => {
	await finish(await take(secret), actor.id, actor.name);
};

/**
 * Accepts as a newcomer: makes the account first, so that a login name in use is said at its field and the
 * link stays good, then takes the link; whoever comes second finds it used.
 */
export const acceptInvitation = async (
	secret: string,
	input: z.infer<typeof acceptInvitationSchema>
): Promise<{ userId: string }> => {
	await readInvitation(secret);
	const name = loginName(input.login);
	if (await User.exists({ loginNames: name })) throw invalidField('login', 'login_name_taken');
	const contact = name.includes('@')
		? { email: name }
		: phoneSchema.safeParse(name).success
			? { phone: name }
			: { shortName: name };
	if ('shortName' in contact && !shortNameSchema.safeParse(name).success) throw invalidField('login', 'login_name_kind');
	const { id } = await createUser({ name: input.name, password: input.password, grants: [], expertise: input.expertise, ...contact });
	try {
		await finish(await take(secret), id, input.name);
	} catch (error) {
		if (error instanceof AppError) await User.deleteOne({ _id: id, grants: { $size: 0 } });
		throw error;
	}
	return { userId: id };
};
