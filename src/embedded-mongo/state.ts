/** What commands remember in memory while the store is open. */
import type { Binary, Doc } from './bson/values.ts';
import type { Limits } from './limits.ts';

export interface Session {
	id: Binary;
	lastUse: number;
}

/** Sessions by id, the one used last at the end. */
export type Sessions = Map<string, Session>;

export interface FailPoint {
	/** How often it still fires; `Infinity` for always. */
	times: number;
	/** How often it lets a command through before it fires. */
	skip: number;
	/** Chance of firing, 0 to 1. */
	probability: number;
	/** How often it fired. */
	count: number;
	data: Doc;
}

export type Kind = 'queries' | 'getmore' | 'insert' | 'update' | 'remove' | 'commands';

export interface Tally {
	/** Microseconds. */
	time: number;
	count: number;
}

/** Time and number of commands on one namespace, by kind. */
export type Usage = Map<Kind, Tally>;

/** A command that is being run. */
export interface Running {
	connectionId: number;
	database: string;
	name: string;
	command: Doc;
	/** Of `performance.now()`. */
	started: number;
	limits: Limits;
}

/** Who is connected, as far as the client told in its handshake. */
export interface ClientInfo {
	address: string;
	metadata?: Doc;
}

export interface Activity {
	running: Map<number, Running>;
	nextOperation: number;
	usage: Map<string, Usage>;
	clients: Map<number, ClientInfo>;
	network: { bytesIn: number; bytesOut: number; requests: number };
}

export const switchedOff = (count = 0): FailPoint => ({ times: 0, skip: 0, probability: 1, count, data: new Map() });

export function newActivity(): Activity {
	return {
		running: new Map(),
		nextOperation: 1,
		usage: new Map(),
		clients: new Map(),
		network: { bytesIn: 0, bytesOut: 0, requests: 0 }
	};
}
