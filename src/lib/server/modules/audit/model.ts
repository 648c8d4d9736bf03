import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

/** One act in a chain; `hash` covers everything else and the hash before it. */
export type AuditDocument = {
	_id: Id;
	chain: string;
	seq: number;
	at: Date;
	actor: { id: string | null; name: string };
	action: string;
	subject: string;
	detail: Record<string, unknown>;
	previous: string;
	hash: string;
};

const actor = new Schema<AuditDocument['actor']>(
	{ id: { type: String, default: null }, name: { type: String, required: true } },
	{ _id: false, id: false }
);

const schema = new Schema<AuditDocument>({
	chain: { type: String, required: true },
	seq: { type: Number, required: true },
	at: { type: Date, required: true },
	actor: { type: actor, required: true },
	action: { type: String, required: true },
	subject: { type: String, required: true },
	detail: { type: Schema.Types.Mixed, default: {} },
	previous: { type: String, default: '' },
	hash: { type: String, required: true }
});
schema.index({ chain: 1, seq: 1 }, { unique: true });

export const Audit = defineModel<AuditDocument>('AuditEntry', 'audit', schema);

/** The latest entry of a chain, kept apart from it: what is cut off or put on at the end shows against it. */
export type ChainEndDocument = { _id: string; seq: number; hash: string; entry: Omit<AuditDocument, '_id'> };

const end = new Schema<ChainEndDocument>({
	_id: { type: String, required: true },
	seq: { type: Number, required: true },
	hash: { type: String, required: true },
	entry: { type: Schema.Types.Mixed, required: true }
});

export const ChainEnd = defineModel<ChainEndDocument>('AuditChainEnd', 'auditends', end);
