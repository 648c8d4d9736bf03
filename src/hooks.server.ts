import type { HandleServerError, ServerInit } from '@sveltejs/kit';
import { boot } from '#lib/server/app/boot.ts';
import { handleRequest } from '#lib/server/http/handle.ts';
import { reportFault } from '#lib/server/http/faults.ts';

export const init: ServerInit = async () => {
	const shutDown = await boot();
	process.on('sveltekit:shutdown', () => void shutDown());
};

export const handle = handleRequest;

export const handleError: HandleServerError = reportFault;
