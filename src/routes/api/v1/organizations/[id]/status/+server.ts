import { serve } from '#lib/server/http/api.ts';
import { organizationOperations } from '#lib/server/http/operations/organizations.ts';

export const POST = serve(organizationOperations.status);
