import type { Worker } from 'node:cluster';
import type { SendHandle } from 'node:child_process';

/*
 * The first process accepts connections and gives each to one that serves pages, which says that it has taken it. One
 * that dies in between never says so: Node then keeps the connection open and forgets it, and its client waits until it
 * gives up. Here such a connection is given to another process, which answers its first request as if nothing had been.
 *
 * It is given in Node's own words (`lib/internal/cluster` of Node 20 to 24) under numbers Node does not use itself. Were
 * these words others one day, nothing would be noted and all be as without this file.
 */
type Handover = { cmd: 'NODE_CLUSTER'; act: 'newconn'; seq: number };
type Taken = { cmd: 'NODE_CLUSTER'; ack: number; accepted?: boolean };
/** A connection as the first process holds it. */
type Connection = SendHandle & { close?: () => void };
type Send = (message: unknown, handle?: SendHandle, ...more: unknown[]) => boolean;
type Given = { message: Handover; connection: Connection };

const isOfCluster = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && 'cmd' in value && value.cmd === 'NODE_CLUSTER';
const isHandover = (value: unknown): value is Handover => isOfCluster(value) && value.act === 'newconn' && typeof value.seq === 'number';
const isTaken = (value: unknown): value is Taken => isOfCluster(value) && typeof value.ack === 'number';

/**
 * Watches over the connections processes are given.
 * @param living processes that may take over what another has left
 */
export const createHandovers = (living: () => Iterable<Worker>) => {
	const left: Given[] = [];
	let passedOn = 0;

	/** Gives what dead processes have left to a living one; what none can take waits for the next. */
	const passOn = (): void => {
		for (const given of left.splice(0)) {
			const heir = [...living()].find((worker) => worker.isConnected() && !worker.isDead());
			if (!heir) left.push(given);
			else (heir.process.send as Send)({ ...given.message, seq: (passedOn -= 1) }, given.connection);
		}
	};

	return {
		passOn,
		/** From now on connections this process does not live to take are given to another. */
		watch(worker: Worker): void {
			const open = new Map<number, Given>();
			const send = worker.process.send.bind(worker.process) as Send;
			const noting: Send = (message, connection, ...more) => {
				if (connection && isHandover(message)) open.set(message.seq, { message, connection });
				return send(message, connection, ...more);
			};
			worker.process.send = noting as typeof worker.process.send;
			worker.process.on('internalMessage' as 'message', (message: unknown) => {
				if (!isTaken(message)) return;
				const given = open.get(message.ack);
				open.delete(message.ack);
				// Node looks after its own; what was passed on here is closed here once it is taken.
				if (!given || message.ack >= 0) return;
				if (message.accepted) given.connection.close?.();
				else left.push(given);
			});
			// What it said last is heard before; a connection it took all the same is closed with it, as it would be anyway.
			worker.process.once('exit', () =>
				setImmediate(() => {
					left.push(...open.values());
					passOn();
				})
			);
		}
	};
};
