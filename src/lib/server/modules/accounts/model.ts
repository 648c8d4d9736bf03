import { roles, scopeKinds } from '#lib/domain/accounts/schema.ts';
import type { Role, ScopeKind } from '#lib/domain/accounts/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

export type GrantDocument = { role: Role; scopeKind: ScopeKind; scopeId: string | null };

export type UserDocument = {
	_id: Id;
	name: string;
	/** All names that open this account, lower case: e-mail, phone, short name. */
	loginNames: string[];
	email: string | null;
	phone: string | null;
	passwordHash: string;
	grants: GrantDocument[];
	/** Facts for finding conflicts of interest. */
	employer: string;
	household: string;
	expertise: string[];
	disabledAt: Date | null;
	createdAt: Date;
	version: number;
};

const grant = new Schema<GrantDocument>(
	{
		role: { type: String, enum: roles, required: true },
		scopeKind: { type: String, enum: scopeKinds, required: true },
		scopeId: { type: String, default: null }
	},
	{ _id: false }
);

const user = new Schema<UserDocument>({
	name: { type: String, required: true },
	loginNames: { type: [String], required: true },
	email: { type: String, default: null },
	phone: { type: String, default: null },
	passwordHash: { type: String, required: true },
	grants: { type: [grant], default: [] },
	employer: { type: String, default: '' },
	household: { type: String, default: '' },
	expertise: { type: [String], default: [] },
	disabledAt: { type: Date, default: null },
	createdAt: { type: Date, required: true },
	version: { type: Number, default: 0 }
});
user.index({ loginNames: 1 }, { unique: true });
user.index({ 'grants.scopeId': 1, 'grants.role': 1 });
export const User = defineModel<UserDocument>('User', 'users', user);

export type SessionDocument = {
	/** SHA-256 of the session's secret: a copy of the database opens no session. */
	_id: string;
	userId: string;
	expiresAt: Date;
	createdAt: Date;
	device: string;
	via: 'browser' | 'api';
};

const session = new Schema<SessionDocument>({
	_id: { type: String, required: true },
	userId: { type: String, required: true },
	expiresAt: { type: Date, required: true },
	createdAt: { type: Date, required: true },
	device: { type: String, default: '' },
	via: { type: String, enum: ['browser', 'api'], required: true }
});
session.index({ userId: 1, createdAt: -1 });
session.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const Session = defineModel<SessionDocument>('Session', 'sessions', session);

export type InvitationDocument = {
	_id: Id;
	/** SHA-256 of the link's secret. */
	tokenHash: string;
	grant: GrantDocument;
	/** What the invitation is for, in the inviter's words: the competition or the group. */
	title: string;
	name: string;
	/** What the inviting module wants to find again: the judge's appointment, the member's line. */
	reference: string | null;
	expiresAt: Date;
	usedAt: Date | null;
	usedBy: string | null;
	createdBy: string;
	createdAt: Date;
};

const invitation = new Schema<InvitationDocument>({
	tokenHash: { type: String, required: true },
	grant: { type: grant, required: true },
	title: { type: String, default: '' },
	name: { type: String, default: '' },
	reference: { type: String, default: null },
	expiresAt: { type: Date, required: true },
	usedAt: { type: Date, default: null },
	usedBy: { type: String, default: null },
	createdBy: { type: String, required: true },
	createdAt: { type: Date, required: true }
});
invitation.index({ tokenHash: 1 }, { unique: true });
invitation.index({ 'grant.scopeId': 1, createdAt: -1 });
export const Invitation = defineModel<InvitationDocument>('Invitation', 'invitations', invitation);
