/** Menus are plain `<details>`. Where there are scripts, a press elsewhere and Escape close them. */
export const closeMenus = (): void => {
	const open = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>('details.menu-button[open]')];
	document.addEventListener('pointerdown', ({ target }) => {
		for (const menu of open()) if (target instanceof Node && !menu.contains(target)) menu.open = false;
	});
	document.addEventListener('keydown', ({ key }) => {
		if (key !== 'Escape') return;
		for (const menu of open()) {
			if (!menu.contains(document.activeElement)) continue;
			menu.open = false;
			menu.querySelector('summary')?.focus();
		}
	});
};
