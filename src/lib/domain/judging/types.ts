import type { z } from 'zod';
import type { newJudgeSchema, scorecardSaveSchema, scorecardStatuses } from './schema.ts';

export type ScorecardStatus = (typeof scorecardStatuses)[number];
export type NewJudge = z.infer<typeof newJudgeSchema>;
export type ScorecardSave = z.infer<typeof scorecardSaveSchema>;
