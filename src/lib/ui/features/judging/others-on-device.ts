import { keptSince } from './acknowledged.ts';
import { keptRecords } from './scorecard-content.ts';

/**
 * What a scorecard's page needs only where this device keeps something: then it is loaded, and the queue has brought it
 * along before any network was lost. Null where nothing is kept, or where it cannot be had.
 * @param except the scorecard the page itself looks after
 */
export const othersOnDevice = async (owner: string, except: () => string | null) => {
	if (!keptSince() && !keptRecords().some(({ id }) => id !== except())) return null;
	try {
		const [{ createOutbox }, { default: OnThisDevice }] = await Promise.all([import('./outbox.svelte.ts'), import('./on-this-device.svelte')]);
		return { OnThisDevice, outbox: createOutbox({ owner, except, onarrived: () => undefined }) };
	} catch {
		// What is kept waits for a page that can send it.
		return null;
	}
};
