import { serve } from '#lib/server/http/api.ts';
import { pitchOperations } from '#lib/server/http/operations/pitch.ts';

export const POST = serve(pitchOperations.bonus);
