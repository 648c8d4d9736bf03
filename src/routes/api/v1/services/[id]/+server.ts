import { serve } from '#lib/server/http/api.ts';
import { stationWorkOperations } from '#lib/server/http/operations/station-work.ts';

export const GET = serve(stationWorkOperations.service);
export const PUT = serve(stationWorkOperations.editService);
export const DELETE = serve(stationWorkOperations.removeService);
