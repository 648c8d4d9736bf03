import { serve } from '#lib/server/http/api.ts';
import { proposalOperations } from '#lib/server/http/operations/proposals.ts';

export const POST = serve(proposalOperations.openOpinions);
