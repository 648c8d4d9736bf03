import { expect, it } from 'vitest';
import { currentItem, type NavItem } from './navigation.ts';

const items: NavItem[] = ['/app', '/app/station', '/app/station/reports', '/app/judging'].map((href) => ({
	href,
	label: href,
	icon: 'home'
}));

it('picks the nearest entry above the page', () => {
	expect(currentItem(items, '/app/station/reports/2026')?.href).toBe('/app/station/reports');
	expect(currentItem(items, '/app/station/people')?.href).toBe('/app/station');
});

it('keeps home for home and does not match half a word', () => {
	expect(currentItem(items, '/app')?.href).toBe('/app');
	expect(currentItem(items, '/app/grants/1')).toBeUndefined();
	expect(currentItem(items, '/app/judgings')).toBeUndefined();
});
