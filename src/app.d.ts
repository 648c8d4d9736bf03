import type { ShellUser } from '#lib/ui/layout/navigation.ts';
import type { Preferences } from '#lib/ui/layout/preferences/preferences.ts';

declare global {
	namespace App {
		interface Locals {
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
