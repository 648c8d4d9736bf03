import type { HandleServerError, ServerInit } from '@sveltejs/kit';
import { boot } from '#lib/server/app/boot.ts';
import { apiDoor } from '#lib/server/http/api-door.ts';
import { closeEventStreams } from '#lib/server/http/event-stream.ts';
import { handleRequest } from '#lib/server/http/handle.ts';
import { reportFault } from '#lib/server/http/faults.ts';
import { allOperations } from '#lib/server/http/operations/index.ts';

export const init: ServerInit = async () => {
	const shutDown = await boot();
	// Whoever serves the application may let the busiest calls in by this way.
	process.emit('miaopu:door' as 'message', apiDoor(allOperations), undefined);
	process.on('miaopu:stopping', closeEventStreams);
	process.on('sveltekit:shutdown', () => void shutDown());
};

export const handle = handleRequest;

export const handleError: HandleServerError = reportFault;
