import type { Preferences } from '#lib/ui/layout/preferences/preferences.ts';

declare global {
	namespace App {
		interface Locals {
			preferences: Preferences;
		}
	}
}
