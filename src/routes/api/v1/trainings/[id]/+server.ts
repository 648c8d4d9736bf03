import { serve } from '#lib/server/http/api.ts';
import { stationWorkOperations } from '#lib/server/http/operations/station-work.ts';

export const GET = serve(stationWorkOperations.training);
export const PUT = serve(stationWorkOperations.editTraining);
export const DELETE = serve(stationWorkOperations.removeTraining);
