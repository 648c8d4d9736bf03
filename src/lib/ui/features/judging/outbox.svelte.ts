import { noteAcknowledged } from './acknowledged.ts';
import { dropLocal, isOf, keptRecords, type KeptRecord } from './scorecard-content.ts';
import { retryMs, sendScorecard } from './send-scorecard.ts';

/**
 * `waiting`: goes out by itself; `choose`: the server has another copy or finds a fault, the judge settles it on the
 * scorecard; `refused`: it will never be taken (submitted elsewhere, recused, given to another judge, round over).
 */
export type Fate = 'waiting' | 'choose' | 'refused';
export type Unsent = KeptRecord & { fate: Fate; message: string };

type Options = {
	owner: string;
	/** The scorecard the page itself looks after. */
	except: () => string | null;
	/** Something has arrived: what the page shows may be out of date. */
	onarrived: () => void;
};

/**
 * Sends what earlier pages could not, from whatever page of the judge's is open: at once, when the network comes back,
 * when the phone is woken, and again and again while nothing answers. Sending twice is harmless, so tabs need not agree.
 */
export const createOutbox = ({ owner, except, onarrived }: Options) => {
	let unsent = $state.raw<Unsent[]>([]);
	let others = $state(0);
	let why = $state<'network' | 'server' | 'signed_out'>('network');
	/** What became of a record in this visit, by key and count of saves; the next visit asks anew. */
	const fates: Record<string, Pick<Unsent, 'fate' | 'message'>> = {};
	let running = false;
	let tries = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;

	const nameOf = ({ key, record }: KeptRecord): string => `${key}#${record.seq}`;
	const look = (): void => {
		const all = keptRecords();
		const foreign = all.filter(({ record }) => !isOf(owner, record)).map(({ id }) => id);
		others = foreign.filter((id, at) => foreign.indexOf(id) === at).length;
		unsent = all
			.filter(({ id, record }) => isOf(owner, record) && id !== except())
			.map((kept) => ({ ...kept, ...(fates[nameOf(kept)] ?? { fate: 'waiting', message: '' }) }));
	};

	const run = async (): Promise<void> => {
		if (running) return;
		running = true;
		clearTimeout(timer);
		look();
		let arrived = false;
		let again = false;
		for (const kept of unsent.filter(({ fate }) => fate === 'waiting')) {
			const result = await sendScorecard(kept.id, kept.record);
			if (result.kind === 'saved') {
				dropLocal(kept.id, kept.record);
				arrived = true;
				const { version, status, at } = result;
				await noteAcknowledged(kept.id, { version, status, at, content: kept.record.content });
			} else if (result.kind === 'later' || result.kind === 'signed_out') {
				why = result.kind === 'later' ? result.because : 'signed_out';
				again = true;
				break;
			} else {
				const message = result.kind === 'stale' ? '' : result.message;
				fates[nameOf(kept)] = { fate: result.kind === 'closed' ? 'refused' : 'choose', message };
			}
		}
		running = false;
		look();
		tries = again ? tries + 1 : 0;
		if (again) timer = setTimeout(() => void run(), retryMs(tries - 1));
		if (arrived) onarrived();
	};

	return {
		/** This judge's, oldest first. */
		get unsent() {
			return unsent;
		},
		/** How many scorecards of other judges wait on this device for their judge to sign in. */
		get others() {
			return others;
		},
		get why() {
			return why;
		},
		/** The judge has read that it was refused and does not want it any more. */
		discard({ id, record }: KeptRecord) {
			dropLocal(id, record);
			look();
		},
		/** Starts sending; the answer ends it. */
		start(): () => void {
			const hurry = () => {
				tries = 0;
				void run();
			};
			const woken = () => {
				if (document.visibilityState === 'visible') hurry();
			};
			const changed = () => look();
			void run();
			window.addEventListener('online', hurry);
			window.addEventListener('storage', changed);
			document.addEventListener('visibilitychange', woken);
			return () => {
				clearTimeout(timer);
				window.removeEventListener('online', hurry);
				window.removeEventListener('storage', changed);
				document.removeEventListener('visibilitychange', woken);
			};
		}
	};
};

export type Outbox = ReturnType<typeof createOutbox>;
