import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor, Role } from '#lib/domain/accounts/types.ts';
import { forbidden } from '#lib/server/platform/errors.ts';
import { invite } from '../../accounts/index.ts';
import { stationById } from '../queries.ts';

/** Invites a person to work at a station; the head does it for their own, an administrator for any. */
export const inviteStaff = async (
	actor: Actor,
	input: { station: string; name: string; role: Role }
): Promise<{ secret: string; expiresAt: Date }> => {
	const station = await stationById(input.station);
	const resource = { station: station.id, stationPath: station.path };
	if (!can(actor, 'users.invite', resource)) throw forbidden();
	return invite(actor, {
		grant: { role: input.role, scopeKind: 'station', scopeId: station.id },
		title: station.name,
		name: input.name,
		reference: null,
		right: 'users.invite',
		resource
	});
};
