import { randomUUID } from 'node:crypto';
import type { HandleServerError } from '@sveltejs/kit';
import { logger } from '#lib/server/platform/logger.ts';
import { wordsFor } from './messages.ts';

/** A fault of ours: logged with an id the person can name, told without its inside. */
export const reportFault: HandleServerError = ({ error, event, status }) => {
	if (status === 404) return { message: wordsFor('not_found') };
	const id = randomUUID().slice(0, 8);
	logger.error({ id, route: event.route.id, method: event.request.method, err: error }, 'request failed');
	return { message: wordsFor('fault'), id };
};
