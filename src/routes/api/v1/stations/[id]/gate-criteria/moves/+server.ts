import { serve } from '#lib/server/http/api.ts';
import { standardOperations } from '#lib/server/http/operations/standards.ts';

export const GET = serve(standardOperations.criteriaMoves);
export const POST = serve(standardOperations.moveMany);
