import { sha256 } from '#lib/server/platform/secrets.ts';
import type { AuditDocument } from './model.ts';

/** JSON with keys in order and no undefined, so that equal content has equal bytes. */
export const canonicalJson = (value: unknown): string => {
	if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')
		return JSON.stringify(value);
	if (value instanceof Date) return JSON.stringify(value.toISOString());
	if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
	const entries = Object.entries(value as Record<string, unknown>)
		.filter(([, item]) => item !== undefined)
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
};

/** The hash of an entry: SHA-256 over the canonical JSON of all its fields but the hash itself. */
export const hashEntry = (entry: Omit<AuditDocument, '_id' | 'hash'>): string =>
	sha256(
		canonicalJson({
			chain: entry.chain,
			seq: entry.seq,
			at: entry.at,
			actor: entry.actor,
			action: entry.action,
			subject: entry.subject,
			detail: entry.detail,
			previous: entry.previous
		})
	);
