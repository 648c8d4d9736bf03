import { serve } from '#lib/server/http/api.ts';
import { organizationOperations } from '#lib/server/http/operations/organizations.ts';

export const GET = serve(organizationOperations.read);
export const PATCH = serve(organizationOperations.edit);
