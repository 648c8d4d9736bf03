import { serve } from '#lib/server/http/api.ts';
import { stationWorkOperations } from '#lib/server/http/operations/station-work.ts';

export const GET = serve(stationWorkOperations.supervision);
export const PUT = serve(stationWorkOperations.editSupervision);
export const DELETE = serve(stationWorkOperations.removeSupervision);
