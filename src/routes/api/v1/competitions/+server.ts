import { serve } from '#lib/server/http/api.ts';
import { competitionOperations } from '#lib/server/http/operations/competitions.ts';

export const GET = serve(competitionOperations.list);
export const POST = serve(competitionOperations.create);
