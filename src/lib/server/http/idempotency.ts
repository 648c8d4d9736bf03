import type { Actor } from '#lib/domain/accounts/types.ts';
import { canonicalJson } from '#lib/server/modules/audit/index.ts';
import { conflict, invalidField } from '#lib/server/platform/errors.ts';
import { claimKey, finishKey, releaseKey } from '#lib/server/platform/idempotency-keys.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';

/**
 * Runs a creating call once for each `Idempotency-Key` of a person: a repeat gets the first answer again, a
 * repeat with another body is refused (409), one that comes while the first still runs too.
 */
export const replayOrRun = async (
	actor: Actor,
	key: string | null,
	path: string,
	body: unknown,
	run: () => Promise<unknown>
): Promise<unknown> => {
	if (key === null) return run();
	if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw invalidField('Idempotency-Key', 'format');
	const id = sha256(`${actor.kind === 'user' ? actor.id : actor.kind}\n${path}\n${key}`);
	const digest = sha256(canonicalJson(body ?? null));
	const claim = await claimKey(id, digest);
	if (claim.state === 'other_body') throw conflict('idempotency_other_body');
	if (claim.state === 'running') throw conflict('idempotency_running');
	if (claim.state === 'done') return claim.answer;
	try {
		const answer = await run();
		await finishKey(id, answer);
		return answer;
	} catch (error) {
		await releaseKey(id);
		throw error;
	}
};
