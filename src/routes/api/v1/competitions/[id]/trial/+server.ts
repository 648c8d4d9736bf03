import { serve } from '#lib/server/http/api.ts';
import { panelOperations } from '#lib/server/http/operations/panel.ts';

export const GET = serve(panelOperations.trial);
export const PUT = serve(panelOperations.setTrial);
export const DELETE = serve(panelOperations.dropTrial);
