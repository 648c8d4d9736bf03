import { serve } from '#lib/server/http/api.ts';
import { stationOperations } from '#lib/server/http/operations/stations.ts';

export const GET = serve(stationOperations.read);
