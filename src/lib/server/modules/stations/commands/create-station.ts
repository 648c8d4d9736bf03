import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { stationLevels } from '#lib/domain/stations/schema.ts';
import type { NewStation } from '#lib/domain/stations/types.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { forbidden, invalidField } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { Station } from '../model.ts';
import { forgetStations } from '../queries.ts';

/** Puts a station into the tree. Its level must lie below its parent's; only a city has no parent. */
export const createStation = async (actor: Actor, input: NewStation): Promise<{ id: string }> => {
	if (!can(actor, 'platform.administer')) throw forbidden();
	const parent = input.parent ? await Station.findById(input.parent).lean() : null;
	if (input.parent && !parent) throw invalidField('parent', 'not_found');
	if (!parent && input.level !== 'city') throw invalidField('parent', 'required');
	if (parent && stationLevels.indexOf(parent.level) >= stationLevels.indexOf(input.level))
		throw invalidField('level', 'level_not_below_parent');
	const _id = newId();
	try {
		await Station.create({ _id, ...input, path: [...(parent?.path ?? []), _id.toHexString()] });
	} catch (error) {
		if (isDuplicateKey(error)) throw invalidField('slug', 'slug_taken');
		throw error;
	}
	forgetStations();
	const id = _id.toHexString();
	await recordAct({ chain: 'stations', actor, action: 'station_created', subject: id, detail: { name: input.name } });
	return { id };
};
