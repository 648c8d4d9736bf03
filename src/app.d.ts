import type { Actor } from '#lib/domain/accounts/types.ts';
import type { ShellUser } from '#lib/ui/layout/navigation.ts';
import type { Preferences } from '#lib/ui/layout/preferences/preferences.ts';

declare global {
	namespace App {
		interface Error {
			message: string;
			id?: string;
		}
		interface Locals {
			actor: Actor;
			/** Public id of the session in use, to tell it from the person's others. */
			sessionId: string | null;
			preferences: Preferences;
		}
		interface PageData {
			preferences: Preferences;
			/** The instant the server made the page, ISO 8601. */
			now: string;
			user?: ShellUser | null;
		}
	}
}

export {};
