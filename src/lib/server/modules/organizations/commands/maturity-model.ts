import type { z } from 'zod';
import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import {
	modelChanges,
	type dimensionEditSchema,
	type MaturityModel,
	type setModelSchema
} from '#lib/domain/organizations/maturity-model.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { stationById } from '../../stations/index.ts';
import { personOf } from '../access.ts';
import { maturityModelAt, newestModelVersion } from '../standards.ts';
import { MaturityModelVersion } from '../standards-model.ts';

const mayEdit = async (actor: Actor, cityId: string): Promise<void> => {
	const station = await stationById(cityId);
	const resource = { station: cityId, stationPath: station.path };
	if (!can(actor, 'station.read', resource)) throw notFound();
	if (!can(actor, 'maturity.setModel', resource)) throw forbidden();
	// One model for a whole city: levels would mean different things next door otherwise.
	if (station.path[0] !== cityId) throw forbidden('model_is_the_citys');
};

/** Publishes a new version of a city's maturity model. Assessments made keep the version they were made with. */
export const publishMaturityModel = async (
	actor: Actor,
	cityId: string,
	input: z.infer<typeof setModelSchema>
): Promise<{ version: number }> => {
	await mayEdit(actor, cityId);
	return publish(actor, cityId, input);
};

/** Publishes a new version in which one dimension is different. */
export const publishDimension = async (
	actor: Actor,
	cityId: string,
	{ dimension, note, base }: z.infer<typeof dimensionEditSchema>
): Promise<{ version: number }> => {
	await mayEdit(actor, cityId);
	const model = await maturityModelAt(cityId, base);
	const dimensions = model.dimensions.map((one) => (one.key === dimension.key ? dimension : one));
	return publish(actor, cityId, { model: { ...model, dimensions }, note, base });
};

const publish = async (
	actor: Actor,
	cityId: string,
	{ model, note, base }: { model: MaturityModel; note: string; base: number }
): Promise<{ version: number }> => {
	const newest = await newestModelVersion(cityId);
	const present = await maturityModelAt(cityId, newest);
	if (base !== newest) throw stale({ version: newest, model: present });
	const changes = modelChanges(present, model);
	if (changes.length === 0) throw conflict('nothing_changed');
	const version = base + 1;
	try {
		await MaturityModelVersion.create({ _id: newId(), station: cityId, version, model, by: personOf(actor), at: now(), note });
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		const winner = await newestModelVersion(cityId);
		throw stale({ version: winner, model: await maturityModelAt(cityId, winner) });
	}
	await recordAct({
		chain: `station:${cityId}`,
		actor,
		action: 'maturity_model_published',
		subject: cityId,
		detail: { version, note, changes: changes.length }
	});
	return { version };
};
