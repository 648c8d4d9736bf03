import { deliverPending } from '#lib/server/platform/outbox.ts';
import type { Job } from '#lib/server/platform/jobs.ts';

/** What runs again and again in every application process. */
export const jobs: readonly Job[] = [{ name: 'outbox', everySeconds: 15, run: deliverPending }];
