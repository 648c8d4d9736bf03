import { serve } from '#lib/server/http/api.ts';
import { objectionOperations } from '#lib/server/http/operations/objections.ts';

export const POST = serve(objectionOperations.file);
