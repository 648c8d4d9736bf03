/** Whether the phone was told to be sparing with data; browsers that do not say are not asked. */
const savesData = (): boolean => 'connection' in navigator && (navigator.connection as { saveData?: boolean } | undefined)?.saveData === true;

/**
 * Has the browser keep the judge's pages, and the small attachments they name, so that they open without a network. Where it
 * cannot (no HTTPS, a private window) everything else works as before.
 * @param ahead addresses to fetch before they are needed
 * @param onkept called once all of them are on this device
 */
export const keepForOffline = async (ahead: readonly string[], onkept?: () => void): Promise<void> => {
	if (!('serviceWorker' in navigator)) return;
	try {
		if (onkept)
			navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ kept?: number } | null>) => {
				if (data?.kept === ahead.length) onkept();
			});
		await navigator.serviceWorker.register('/service-worker.js', { type: import.meta.env.DEV ? 'module' : 'classic' });
		const { active } = await navigator.serviceWorker.ready;
		active?.postMessage({ ahead: [...ahead], files: !savesData() });
	} catch {
		// Refused by the browser: the pages need a network, the scorecards do not.
	}
};
