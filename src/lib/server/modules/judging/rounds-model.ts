import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

/** How those who go on were found. Line in hundredths of a point. */
export type AdvanceRule = { kind: 'top'; n: number } | { kind: 'line'; hundredths: number } | { kind: 'chosen' };

/** Who goes on to a later round; without one of these everybody does. */
export type AdvancementDocument = {
	/** `<competition>:<round>`: the round gone on to. */
	_id: string;
	competition: string;
	round: string;
	proposals: string[];
	rule: AdvanceRule;
	reason: string;
	at: Date;
	byName: string;
	version: number;
};

const advancement = new Schema<AdvancementDocument>({
	_id: { type: String, required: true },
	competition: { type: String, required: true },
	round: { type: String, required: true },
	proposals: { type: [String], required: true },
	rule: { type: Schema.Types.Mixed, required: true },
	reason: { type: String, required: true },
	at: { type: Date, required: true },
	byName: { type: String, default: '' },
	version: { type: Number, default: 0 }
});
advancement.index({ competition: 1 });

export const Advancement = defineModel<AdvancementDocument>('Advancement', 'advancements', advancement);

/** Bonus points a proposal was granted; the id is the proposal's. */
export type BonusGrantDocument = { _id: string; competition: string; keys: string[]; reason: string; at: Date; byName: string };

const bonusGrant = new Schema<BonusGrantDocument>({
	_id: { type: String, required: true },
	competition: { type: String, required: true },
	keys: { type: [String], required: true },
	reason: { type: String, default: '' },
	at: { type: Date, required: true },
	byName: { type: String, default: '' }
});
bonusGrant.index({ competition: 1 });

export const BonusGrant = defineModel<BonusGrantDocument>('BonusGrant', 'bonusgrants', bonusGrant);

export const codeStatuses = ['open', 'used', 'revoked'] as const;

/** A one-time code of the public jury and what was scored with it: one document, so each project is scored once. */
export type JuryCodeDocument = {
	_id: Id;
	competition: string;
	round: string;
	group: string;
	/** Number on the printed slip, from 1 in each round. */
	n: number;
	/** SHA-256 of the code; the code itself is on paper only. */
	hash: string;
	status: (typeof codeStatuses)[number];
	expiresAt: Date;
	createdAt: Date;
	usedAt: Date | null;
	/** Points by proposal and criterion. */
	scores: Record<string, Record<string, number>>;
	/** Totals in hundredths of a point by proposal. */
	totals: Record<string, number>;
};

const juryCode = new Schema<JuryCodeDocument>({
	competition: { type: String, required: true },
	round: { type: String, required: true },
	group: { type: String, required: true },
	n: { type: Number, required: true },
	hash: { type: String, required: true },
	status: { type: String, enum: codeStatuses, required: true },
	expiresAt: { type: Date, required: true },
	createdAt: { type: Date, required: true },
	usedAt: { type: Date, default: null },
	scores: { type: Schema.Types.Mixed, default: {} },
	totals: { type: Schema.Types.Mixed, default: {} }
});
juryCode.index({ hash: 1 }, { unique: true });
juryCode.index({ competition: 1, round: 1, n: 1 }, { unique: true });
juryCode.index({ competition: 1, status: 1 });

export const JuryCode = defineModel<JuryCodeDocument>('JuryCode', 'jurycodes', juryCode);
