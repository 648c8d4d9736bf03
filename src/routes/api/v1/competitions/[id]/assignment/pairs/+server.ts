import { serve } from '#lib/server/http/api.ts';
import { judgingOperations } from '#lib/server/http/operations/judging.ts';

export const POST = serve(judgingOperations.assignOne);
