import { z } from 'zod';
import { loginSchema } from '#lib/domain/accounts/schema.ts';
import { endAllSessions, endSession, signIn } from '#lib/server/modules/accounts/index.ts';
import { operation } from '../api.ts';
import { bearerOf, clientAddress } from '../session-handle.ts';

export const accountOperations = {
	signIn: operation({
		method: 'POST',
		path: '/sessions',
		summary: 'Sign in; the token goes into the Authorization header of later calls',
		access: 'open',
		status: 201,
		body: loginSchema,
		answer: z.object({
			token: z.string(),
			expiresAt: z.iso.datetime(),
			user: z.object({ id: z.string(), name: z.string() })
		}),
		run: async ({ body, event }) => {
			const { secret, expiresAt, user } = await signIn(body, {
				address: clientAddress(event),
				device: event.request.headers.get('user-agent') ?? '',
				via: 'api'
			});
			return { token: secret, expiresAt: expiresAt.toISOString(), user };
		}
	}),
	signOut: operation({
		method: 'DELETE',
		path: '/sessions',
		summary: 'Sign out: end the session of this token, or with ?all=true every session of the person',
		query: z.object({ all: z.enum(['true', 'false']).default('false') }),
		run: async ({ actor, query, event }) => {
			if (query.all === 'true' && actor.kind === 'user') await endAllSessions(actor.id);
			const token = bearerOf(event.request) ?? '';
			if (token) await endSession(token);
		}
	})
};
