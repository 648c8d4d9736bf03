import { RateLimiterMemory, RateLimiterMongo, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { database } from './db/index.ts';
import { AppError } from './errors.ts';

/** So many tries in so many seconds. */
export type Limit = { name: string; points: number; seconds: number };

const limiters = new Map<string, RateLimiterAbstract>();

const limiterFor = (limit: Limit): RateLimiterAbstract => {
	const known = limiters.get(limit.name);
	if (known) return known;
	const options = { points: limit.points, duration: limit.seconds, keyPrefix: limit.name };
	// Counts are shared by all processes through the database; while it is away each process counts for itself.
	const limiter = new RateLimiterMongo({
		...options,
		storeClient: database().client,
		dbName: database().databaseName,
		tableName: 'limits',
		insuranceLimiter: new RateLimiterMemory(options)
	});
	limiters.set(limit.name, limiter);
	return limiter;
};

const refuse = (result: unknown): never => {
	if (result instanceof RateLimiterRes)
		throw new AppError('rate_limited', 'rate_limited', {
			retryAfter: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
			params: { seconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)) }
		});
	throw result;
};

/** Counts one try for the key; over the limit it throws `rate_limited` with the seconds to wait. */
export const countTry = async (limit: Limit, key: string): Promise<void> => {
	await limiterFor(limit).consume(key).catch(refuse);
};

/** Throws when the key has used up its tries already, without counting another. */
export const checkLimit = async (limit: Limit, key: string): Promise<void> => {
	const state = await limiterFor(limit).get(key);
	if (state && state.consumedPoints >= limit.points) refuse(state);
};

/** Forgets the tries of a key, after it proved itself. */
export const clearTries = async (limit: Limit, key: string): Promise<void> => {
	await limiterFor(limit).delete(key);
};
