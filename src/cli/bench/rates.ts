/** Answers a second, latency in milliseconds, and operations that failed. */
export type Rates = { operations: number; perSecond: number; p50: number; p95: number; failed: number };

/** What one process did: how long each operation took and how long all of it, milliseconds; how many failed. */
export type Measured = { times: number[]; millis: number; failed: number };

/** The figures of processes that worked side by side. */
export const ratesOf = (measured: readonly Measured[]): Rates => {
	const times = measured.flatMap((one) => one.times).sort((a, b) => a - b);
	const share = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
	return {
		operations: times.length,
		perSecond: measured.reduce((sum, one) => sum + (one.times.length / one.millis) * 1000, 0),
		p50: share(0.5),
		p95: share(0.95),
		failed: measured.reduce((sum, one) => sum + one.failed, 0)
	};
};
