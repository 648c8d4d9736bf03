import { serve } from '#lib/server/http/api.ts';
import { accountOperations } from '#lib/server/http/operations/accounts.ts';

export const POST = serve(accountOperations.signIn);
export const DELETE = serve(accountOperations.signOut);
