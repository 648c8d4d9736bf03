import { serve } from '#lib/server/http/api.ts';
import { competitionOperations } from '#lib/server/http/operations/competitions.ts';

export const GET = serve(competitionOperations.read);
export const PATCH = serve(competitionOperations.edit);
