import { handlePreferences } from '#lib/server/http/preferences.ts';

export const handle = handlePreferences;
