import type { HandleServerError, ServerInit } from '@sveltejs/kit';
import { boot } from '#lib/server/app/boot.ts';
import { closeEventStreams } from '#lib/server/http/event-stream.ts';
import { handleRequest } from '#lib/server/http/handle.ts';
import { reportFault } from '#lib/server/http/faults.ts';

export const init: ServerInit = async () => {
	const shutDown = await boot();
	process.on('miaopu:stopping', closeEventStreams);
	process.on('sveltekit:shutdown', () => void shutDown());
};

export const handle = handleRequest;

export const handleError: HandleServerError = reportFault;
