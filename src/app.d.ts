import type { Actor } from '#lib/domain/accounts/types.ts';

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
			preferences: { locale: 'zh-CN' | 'en'; theme: 'auto' | 'light' | 'dark'; text: 'normal' | 'large' };
		}
	}
}

export {};
