import { z } from 'zod';
import { idSchema, lineSchema, phoneSchema, requiredLineSchema } from '#lib/domain/shared/fields.ts';

/** Roles a person can hold; each is held within a scope. */
export const roles = ['admin', 'head', 'worker', 'supervisor', 'finance', 'observer', 'leader', 'member', 'judge'] as const;
export const roleSchema = z.enum(roles);

export const scopeKinds = ['platform', 'station', 'organization', 'competition'] as const;

/** A role within a scope. `scopeId` is null for the platform only. */
export const grantSchema = z.object({
	role: roleSchema,
	scopeKind: z.enum(scopeKinds),
	scopeId: idSchema.nullable()
});

/** What a person types to sign in: an e-mail, a phone number or a short name. */
export const loginSchema = z.object({
	login: requiredLineSchema(120),
	password: z.string().min(1, { error: 'required' }).max(200)
});

/** New passwords: length over composition rules (NIST SP 800-63B, 3.1.1). */
export const newPasswordSchema = z.string().min(8, { error: 'password_short' }).max(200);

export const changePasswordSchema = z.object({
	current: z.string().min(1, { error: 'required' }).max(200),
	next: newPasswordSchema,
	version: z.coerce.number().int().optional()
});

export const shortNameSchema = z
	.string()
	.trim()
	.toLowerCase()
	.regex(/^[a-z][a-z0-9._-]{1,31}$/, { error: 'short_name' });

/** A new account. At least one login name is needed. */
export const newUserSchema = z
	.object({
		name: requiredLineSchema(40),
		shortName: shortNameSchema.optional(),
		email: z.email().max(120).toLowerCase().optional(),
		phone: phoneSchema.optional(),
		password: newPasswordSchema,
		grants: z.array(grantSchema).max(50).default([])
	})
	.refine((user) => user.shortName || user.email || user.phone, { error: 'login_name_needed', path: ['shortName'] });

/** Accepting an invitation: a name, a way to sign in again, a password. */
export const acceptInvitationSchema = z.object({
	name: requiredLineSchema(40),
	login: requiredLineSchema(120),
	password: newPasswordSchema,
	expertise: z.array(lineSchema(40)).max(20).default([])
});
