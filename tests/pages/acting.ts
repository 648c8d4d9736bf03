import { expect, type Locator, type Page } from '@playwright/test';

/** Presses the one button of that name. */
export const press = (scope: Page | Locator, name: string): Promise<void> =>
	scope.getByRole('button', { name, exact: true }).click();

/** Opens a folded part by its heading; one that is open stays open. */
export const unfold = async (scope: Page | Locator, heading: string): Promise<Locator> => {
	// What a filter looks for is relative to what it filters, so it starts at the page.
	const page = 'page' in scope ? scope.page() : scope;
	const summary = page.locator('summary').filter({ hasText: new RegExp(`^\\s*${heading}\\s*$`) });
	const fold = scope.locator('details').filter({ has: summary });
	if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click();
	return fold;
};

/** The links of the summary of faults, each to its field. */
export const faults = (page: Page): Locator => page.getByRole('alert').getByRole('link');

/** Nothing scrolls sideways. */
export const expectNoSidewaysScroll = async (page: Page): Promise<void> => {
	const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	expect(over).toBeLessThanOrEqual(0);
};
