import { pino } from 'pino';
import { env } from './env.ts';

/** Structured log on standard output. Never log personal data: ids only. */
export const logger = pino({
	level: env.logLevel(),
	base: undefined,
	redact: { paths: ['password', '*.password', 'token', '*.token', 'phone', '*.phone'], censor: '[hidden]' }
});
