import { logger } from './logger.ts';

/** Work done again and again; it must be safe to run in two processes at once. */
export type Job = { name: string; everySeconds: number; run: () => Promise<void> };

/** Starts the jobs; the answer stops them and waits for the one under way. */
export const startJobs = (jobs: readonly Job[]): (() => Promise<void>) => {
	const running = new Set<Promise<void>>();
	const timers = jobs.map((job) => {
		let busy = false;
		const timer = setInterval(() => {
			if (busy) return;
			busy = true;
			const turn = job
				.run()
				.catch((error: unknown) => logger.error({ job: job.name, err: error }, 'job failed'))
				.finally(() => {
					busy = false;
					running.delete(turn);
				});
			running.add(turn);
		}, job.everySeconds * 1000);
		timer.unref();
		return timer;
	});
	return async () => {
		for (const timer of timers) clearInterval(timer);
		await Promise.all(running);
	};
};
