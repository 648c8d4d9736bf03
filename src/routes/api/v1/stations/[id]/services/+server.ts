import { serve } from '#lib/server/http/api.ts';
import { stationWorkOperations } from '#lib/server/http/operations/station-work.ts';

export const GET = serve(stationWorkOperations.services);
export const POST = serve(stationWorkOperations.recordService);
