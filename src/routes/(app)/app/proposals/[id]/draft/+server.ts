import { serve } from '#lib/server/http/api.ts';
import { draftOperation } from '#lib/server/http/operations/proposals.ts';

export const PATCH = serve(draftOperation);
