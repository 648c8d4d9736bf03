import { Worker } from 'node:worker_threads';
import { logger } from './logger.ts';

/** What a worker answers to `{ id, task, input }`. */
export type ComputeReply = { id: number; answer: unknown } | { id: number; failed: string };

type Waiting = { resolve: (answer: unknown) => void; reject: (error: Error) => void };

let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, Waiting>();

/** The worker's file, named by whoever started the server; without one (development) work is done in this thread. */
const workerFile = (): string | undefined => process.env.MIAOPU_COMPUTE_WORKER;

const failAll = (error: Error): void => {
	worker = null;
	for (const { reject } of waiting.values()) reject(error);
	waiting.clear();
};

const startWorker = (file: string): Worker => {
	const started = new Worker(file);
	started.on('message', (reply: ComputeReply) => {
		const asked = waiting.get(reply.id);
		waiting.delete(reply.id);
		if ('failed' in reply) asked?.reject(new Error(reply.failed));
		else asked?.resolve(reply.answer);
		if (waiting.size === 0) started.unref();
	});
	started.on('error', (error) => {
		logger.error({ err: error }, 'the compute worker failed');
		failAll(error);
	});
	started.on('exit', () => {
		if (worker === started) failAll(new Error('The compute worker stopped.'));
	});
	return started;
};

/**
 * Has a long computation done in a thread of its own, so that the server goes on answering meanwhile. Tasks queue up
 * behind each other; the thread starts with the first one.
 * @param task a name the worker knows
 * @param input plain data
 * @param here the same computation, for where there is no worker
 */
export const compute = <Input, Answer>(task: string, input: Input, here: (input: Input) => Answer): Promise<Answer> => {
	const file = workerFile();
	if (!file) return Promise.resolve().then(() => here(input));
	worker ??= startWorker(file);
	worker.ref();
	const id = ++last;
	return new Promise<Answer>((resolve, reject) => {
		waiting.set(id, { resolve: (answer) => resolve(answer as Answer), reject });
		worker?.postMessage({ id, task, input });
	});
};

/** Ends the thread; what it was doing fails. */
export const stopComputing = async (): Promise<void> => {
	await worker?.terminate();
};
