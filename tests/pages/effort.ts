import type { Page } from '@playwright/test';

/** What one task costs a person: how often they tap, and how many fields they type or choose in. */
export type Effort = { taps: number; fields: number; seconds: number };

/** Starts a task, and tells what it has cost so far. */
export type Counting = { begin: () => void; read: () => Effort };

type Counted = { taps: number; fields: Set<string> };

/**
 * Counts what the hand does on a page, over all the pages a task leads through. Tapping a button, a link, a tick or a
 * choice is a tap; a field that is typed in or chosen from counts once, however long its text.
 */
export const countEffort = async (page: Page): Promise<Counting> => {
	let counted: Counted = { taps: 0, fields: new Set() };
	let since = Date.now();
	await page.exposeFunction('noteTap', () => void (counted.taps += 1));
	await page.exposeFunction('noteField', (name: string) => void counted.fields.add(name));
	await page.addInitScript(() => {
		const notes = window as unknown as { noteTap: () => void; noteField: (name: string) => void };
		addEventListener('pointerdown', () => notes.noteTap(), { capture: true });
		const typed = (event: Event) => {
			const field = event.target;
			if (field instanceof HTMLInputElement && ['checkbox', 'radio'].includes(field.type)) return;
			if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)
				notes.noteField(`${location.pathname} ${field.name}`);
		};
		addEventListener('input', typed, { capture: true });
	});
	return {
		begin: () => {
			counted = { taps: 0, fields: new Set() };
			since = Date.now();
		},
		read: () => ({ taps: counted.taps, fields: counted.fields.size, seconds: (Date.now() - since) / 1000 })
	};
};
