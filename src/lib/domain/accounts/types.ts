import type { z } from 'zod';
import type { grantSchema, roles, scopeKinds } from './schema.ts';

export type Role = (typeof roles)[number];
export type ScopeKind = (typeof scopeKinds)[number];
export type Grant = z.infer<typeof grantSchema>;

/** Who acts. Strangers act as `anonymous`; jobs and the command line as `system`. */
export type Actor =
	| { kind: 'anonymous' }
	| { kind: 'system'; name: string }
	| { kind: 'user'; id: string; name: string; grants: Grant[] };

/** What is acted upon, as far as rights depend on it. Ids are hexadecimal strings. */
export type Resource = {
	/** The station the thing belongs to and works in. */
	station?: string;
	/** That station and all its ancestors, from the city down. */
	stationPath?: string[];
	organization?: string;
	competition?: string;
	/** The actor's id, where they are one of the organization's core members. */
	core?: string;
	/** The person the thing belongs to (a scorecard's judge, a draft's author). */
	owner?: string;
	/** Who proposed the step now to be decided; nobody approves their own. */
	proposedBy?: string;
};
