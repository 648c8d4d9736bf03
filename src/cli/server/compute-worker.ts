/** Long computations in a thread of their own. Bundled separately; the server finds it by `MIAOPU_COMPUTE_WORKER`. */
import { parentPort } from 'node:worker_threads';
import { certainty, type CertaintyInput } from '#lib/domain/judging/certainty.ts';
import { combinedRanking, type CombinedInput } from '#lib/domain/judging/rounds.ts';
import type { ComputeReply } from '#lib/server/platform/compute.ts';

const tasks: Record<string, (input: never) => unknown> = {
	certainty: (input: CertaintyInput) => certainty(input),
	ranking: (input: CombinedInput) => combinedRanking(input)
};

const answerTo = ({ id, task, input }: { id: number; task: string; input: unknown }): ComputeReply => {
	try {
		const run = tasks[task];
		if (!run) return { id, failed: `No such task: ${task}` };
		return { id, answer: run(input as never) };
	} catch (error) {
		return { id, failed: error instanceof Error ? error.message : String(error) };
	}
};

parentPort?.on('message', (message) => parentPort?.postMessage(answerTo(message)));
