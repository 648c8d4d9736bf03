/** What may end a command before it is done: its client's patience, or its client's departure. */
import { storeError } from './language/errors.ts';

export interface Limits {
	/** Milliseconds since the epoch after which the command gives up (maxTimeMS). */
	until?: number;
	/** The client's connection: nobody waits for the answer once it is closed. */
	connection?: { readonly closed: boolean };
	/** Somebody ended it (killOp). */
	killed?: boolean;
}

/** Lets everything else run that is waiting. */
export const giveWay = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Throws MaxTimeMSExpired or ClientDisconnect when a command should not go on. */
export function checkLimits(limits: Limits | undefined): void {
	if (!limits) return;
	if (limits.killed) throw storeError('Interrupted', 'operation was interrupted');
	if (limits.until !== undefined && Date.now() > limits.until) {
		throw storeError('MaxTimeMSExpired', 'operation exceeded time limit');
	}
	if (limits.connection?.closed) throw storeError('ClientDisconnect', 'operation was interrupted because a client disconnected');
}
