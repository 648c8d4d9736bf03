import { serve } from '#lib/server/http/api.ts';
import { groupToolOperations } from '#lib/server/http/operations/group-tools.ts';

export const PUT = serve(groupToolOperations.editEntry);
export const DELETE = serve(groupToolOperations.removeEntry);
