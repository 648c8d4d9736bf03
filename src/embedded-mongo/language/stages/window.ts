import type { StageTable } from './stage.ts';

export const WINDOWS: StageTable = {};
