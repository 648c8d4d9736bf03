import { serve } from '#lib/server/http/api.ts';
import { groupToolOperations } from '#lib/server/http/operations/group-tools.ts';

export const POST = serve(groupToolOperations.startDraft);
export const PUT = serve(groupToolOperations.saveDraft);
