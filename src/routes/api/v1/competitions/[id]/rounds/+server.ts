import { serve } from '#lib/server/http/api.ts';
import { pitchOperations } from '#lib/server/http/operations/pitch.ts';

export const GET = serve(pitchOperations.rounds);
