import { serve } from '#lib/server/http/api.ts';
import { surveyOperations } from '#lib/server/http/operations/surveys.ts';

export const POST = serve(surveyOperations.nameNeeds);
