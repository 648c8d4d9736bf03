import { now } from './clock.ts';
import { defineModel, newId, Schema, type Id } from './db/index.ts';
import { logger } from './logger.ts';

/** Something that happened, for modules that must follow. `key` makes a repeated write of it one event. */
export type OutboxEvent = { kind: string; key: string; payload: Record<string, unknown> };

type OutboxDocument = OutboxEvent & {
	_id: Id;
	at: Date;
	doneAt: Date | null;
	tries: number;
	nextTryAt: Date;
	error: string | null;
};

const schema = new Schema<OutboxDocument>({
	kind: { type: String, required: true },
	key: { type: String, required: true },
	payload: { type: Schema.Types.Mixed, required: true },
	at: { type: Date, required: true },
	doneAt: { type: Date, default: null },
	tries: { type: Number, default: 0 },
	nextTryAt: { type: Date, required: true },
	error: { type: String, default: null }
});
schema.index({ key: 1 }, { unique: true });
schema.index({ doneAt: 1, nextTryAt: 1 });

const Outbox = defineModel<OutboxDocument>('OutboxEvent', 'outbox', schema);

type Subscriber = { name: string; handle: (event: OutboxEvent) => Promise<void> };
const subscribers = new Map<string, Subscriber[]>();

/** Registers a reaction to a kind of event. It may be called twice for one event, so it must be idempotent. */
export const subscribe = (kind: string, name: string, handle: Subscriber['handle']): void => {
	const list = (subscribers.get(kind) ?? []).filter((subscriber) => subscriber.name !== name);
	subscribers.set(kind, [...list, { name, handle }]);
};

/** Writes the event down, then lets its subscribers follow. Nothing is lost: what fails is tried again by the job. */
export const publish = async (event: OutboxEvent): Promise<void> => {
	const at = now();
	const { upsertedCount } = await Outbox.updateOne(
		{ key: event.key },
		{ $setOnInsert: { _id: newId(), ...event, at, doneAt: null, tries: 0, nextTryAt: at, error: null } },
		{ upsert: true }
	);
	if (upsertedCount > 0) await deliver({ ...event });
};

const deliver = async (event: OutboxEvent): Promise<void> => {
	try {
		for (const subscriber of subscribers.get(event.kind) ?? []) await subscriber.handle(event);
		await Outbox.updateOne({ key: event.key }, { $set: { doneAt: now(), error: null } });
	} catch (error) {
		logger.warn({ event: event.kind, key: event.key, err: error }, 'event will be delivered again');
		await Outbox.updateOne(
			{ key: event.key },
			{ $inc: { tries: 1 }, $set: { error: String(error), nextTryAt: new Date(now().getTime() + 30_000) } }
		);
	}
};

/** Delivers what is due again; run as a job. */
export const deliverPending = async (): Promise<void> => {
	const due = await Outbox.find({ doneAt: null, nextTryAt: { $lte: now() } })
		.sort({ doneAt: 1, nextTryAt: 1 })
		.limit(100)
		.lean();
	for (const event of due) await deliver({ kind: event.kind, key: event.key, payload: event.payload });
};
