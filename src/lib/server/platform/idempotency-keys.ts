import { now } from './clock.ts';
import { defineModel, isDuplicateKey, Schema } from './db/index.ts';

type KeyDocument = { _id: string; digest: string; done: boolean; answer: unknown; expiresAt: Date };

const schema = new Schema<KeyDocument>({
	_id: { type: String, required: true },
	digest: { type: String, required: true },
	done: { type: Boolean, default: false },
	answer: { type: Schema.Types.Mixed, default: null },
	expiresAt: { type: Date, required: true }
});
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const IdempotencyKey = defineModel<KeyDocument>('IdempotencyKey', 'idempotency', schema);

const hoursKept = 24;
const minutesHeld = 2;

/** What became of an attempt to claim a key. */
export type Claim = { state: 'claimed' } | { state: 'running' } | { state: 'other_body' } | { state: 'done'; answer: unknown };

/** Claims a key for two minutes; the unique _id lets one of two callers win. */
export const claimKey = async (id: string, digest: string): Promise<Claim> => {
	try {
		await IdempotencyKey.create({ _id: id, digest, expiresAt: new Date(now().getTime() + minutesHeld * 60_000) });
		return { state: 'claimed' };
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
	}
	const known = await IdempotencyKey.findById(id).lean();
	if (!known) return { state: 'running' };
	if (known.digest !== digest) return { state: 'other_body' };
	if (known.done) return { state: 'done', answer: known.answer };
	if (known.expiresAt > now()) return { state: 'running' };
	// The holder died: whoever removes the stale claim may try anew.
	await IdempotencyKey.deleteOne({ _id: id, expiresAt: known.expiresAt, done: false });
	return claimKey(id, digest);
};

/** Keeps the answer for a day. */
export const finishKey = async (id: string, answer: unknown): Promise<void> => {
	const plain: unknown = answer === undefined ? null : JSON.parse(JSON.stringify(answer));
	await IdempotencyKey.updateOne(
		{ _id: id },
		{ $set: { done: true, answer: plain, expiresAt: new Date(now().getTime() + hoursKept * 3_600_000) } }
	);
};

/** Frees a key after a refusal, so that the corrected call may use it. */
export const releaseKey = async (id: string): Promise<void> => {
	await IdempotencyKey.deleteOne({ _id: id, done: false });
};
