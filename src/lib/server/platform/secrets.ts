import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A fresh secret for a link or a bearer token: 32 random bytes, base64url. */
export const newSecret = (bytes = 32): string => randomBytes(bytes).toString('base64url');

/** What is stored of a secret: its SHA-256 in hexadecimal. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** SHA-256 of text or bytes, hexadecimal. */
export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Compares two hexadecimal digests without telling by its time where they differ. */
export const sameDigest = (a: string, b: string): boolean =>
	a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
