import { sequence } from '@sveltejs/kit/hooks';
import type { HandleServerError, ServerInit } from '@sveltejs/kit';
import { boot } from '#lib/server/app/boot.ts';
import { closeEventStreams } from '#lib/server/http/event-stream.ts';
import { handleOrigin } from '#lib/server/http/origin-check.ts';
import { handlePreferences } from '#lib/server/http/preferences.ts';
import { handleSecurityHeaders } from '#lib/server/http/security-headers.ts';
import { handleSession } from '#lib/server/http/session-handle.ts';
import { reportFault } from '#lib/server/http/faults.ts';

export const init: ServerInit = async () => {
	const shutDown = await boot();
	process.on('miaopu:stopping', closeEventStreams);
	process.on('sveltekit:shutdown', () => void shutDown());
};

export const handle = sequence(handlePreferences, handleSession, handleSecurityHeaders, handleOrigin);

export const handleError: HandleServerError = reportFault;
