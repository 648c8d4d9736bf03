export { signIn } from './commands/sign-in.ts';
export { importAccounts, type ImportedAccount } from './imports.ts';
export { createUser, grantRole, revokeRole } from './commands/create-user.ts';
export { endOwnSession } from './commands/end-own-session.ts';
export { changePassword } from './commands/change-password.ts';
export { invite } from './commands/invite.ts';
export { acceptInvitation, acceptInvitationAs, readInvitation } from './commands/accept-invitation.ts';
export {
	endAllSessions,
	endSession,
	forgetSessions,
	listSessions,
	readSession,
	sessionCookieName,
	startSession,
	type SignedIn
} from './sessions.ts';
export { anyAccount, factsOf, namesOf, ownAccount, peopleWithRole, userByLogin, type PersonFacts } from './queries.ts';
