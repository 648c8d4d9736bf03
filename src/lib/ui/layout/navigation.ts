import type { IconName } from '#lib/ui/primitives/icon/index.ts';

/** One entry of the navigation. `count` is what waits there; zero is not shown. */
export type NavItem = { href: string; label: string; icon: IconName; count?: number };

/** The signed-in person as the frames show it. `nav` is what this person's roles open, most used first. */
export type ShellUser = { id: string; name: string; roleLabels: string[]; nav: NavItem[] };

/**
 * The entry that is current for a path: the one with the longest address that the path is at or below. `/app` is
 * current only for itself, or everything below it would be home.
 */
export function currentItem(items: readonly NavItem[], path: string): NavItem | undefined {
	return items
		.filter(({ href }) => path === href || (href !== '/' && href !== '/app' && path.startsWith(`${href}/`)))
		.sort((a, b) => b.href.length - a.href.length)[0];
}
