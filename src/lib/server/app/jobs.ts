import { settleClocks } from '#lib/server/modules/competitions/index.ts';
import { settleSubmissionRecords } from '#lib/server/modules/judging/index.ts';
import { settleSubmissions } from '#lib/server/modules/proposals/index.ts';
import { settleFigures } from '#lib/server/modules/surveys/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { Job } from '#lib/server/platform/jobs.ts';
import { deliverPending } from '#lib/server/platform/outbox.ts';

/** What runs again and again in every application process. */
export const jobs: readonly Job[] = [
	{ name: 'outbox', everySeconds: 15, run: deliverPending },
	{ name: 'competition clocks', everySeconds: 20, run: settleClocks },
	{ name: 'submissions', everySeconds: 60, run: () => settleSubmissions(now()) },
	{ name: 'records of scorecards', everySeconds: 60, run: settleSubmissionRecords },
	{ name: 'survey figures', everySeconds: 60, run: settleFigures }
];
