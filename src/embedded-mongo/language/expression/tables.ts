import type { OperatorTable } from './env.ts';

/** The operator families. */
export const TABLES: OperatorTable[] = [{ $literal: (operand) => () => operand }];
