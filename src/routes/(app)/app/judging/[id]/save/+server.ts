import { serve } from '#lib/server/http/api.ts';
import { judgingOperations } from '#lib/server/http/operations/judging.ts';

/** The scoring page saves here by itself, with the browser's own session; the same call as the API's. */
export const PUT = serve(judgingOperations.saveScorecard);
