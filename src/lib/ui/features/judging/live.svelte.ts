/** Silence after which a stream counts as lost, milliseconds; the server beats every ten seconds. */
const silenceMs = 25_000;

/** How long the first connection may take before it is told of, milliseconds. */
const patienceMs = 5000;

/**
 * Follows a stream of server-sent events and keeps the latest view. Comes back by itself after a lost network, a
 * restart of the server or a phone's sleep, saying what it saw last. The server's clock is kept by this device's
 * steady clock, so it does not matter what time the device believes it is.
 */
export const followLive = <View>(first: { view: View; now: string }) => {
	let view = $state.raw(first.view);
	let connected = $state(false);
	// Connecting for the first time is no loss, until it takes too long.
	let awaited = $state(true);
	let over = $state(false);
	// Server time = offset + steady clock.
	let offset = Date.parse(first.now) - steady();
	let clock = $state(Date.parse(first.now));
	let last = '';
	let heard = 0;
	let source: EventSource | null = null;

	const hear = (event: MessageEvent<string>): { now: string; state?: View } => {
		heard = steady();
		connected = true;
		awaited = false;
		if (event.lastEventId) last = event.lastEventId;
		const data = JSON.parse(event.data) as { now: string; state?: View };
		if (data.now) offset = Date.parse(data.now) - steady();
		return data;
	};

	const connect = (address: string): void => {
		source?.close();
		const next = new EventSource(last ? `${address}${address.includes('?') ? '&' : '?'}after=${encodeURIComponent(last)}` : address);
		source = next;
		heard = steady();
		next.addEventListener('beat', hear);
		next.addEventListener('state', (event) => {
			const { state } = hear(event);
			clock = offset + steady();
			if (state !== undefined) view = state;
		});
		next.addEventListener('gone', () => {
			over = true;
			next.close();
		});
		next.addEventListener('error', () => {
			connected = false;
		});
	};

	return {
		get view() {
			return view;
		},
		get connected() {
			return connected;
		},
		/** The connection is gone, or could not be made for some seconds. */
		get lost() {
			return !connected && !awaited;
		},
		/** The session this followed is no longer there. */
		get over() {
			return over;
		},
		/** Takes a view the page was loaded with anew. */
		take: (next: View): void => {
			view = next;
		},
		/** The server's time, milliseconds; it moves four times a second. */
		get serverNow() {
			return clock;
		},
		/** Starts following; the answer ends it. */
		start: (address: string): (() => void) => {
			const check = (): void => {
				if (over || !navigator.onLine) return;
				// A refused connection ends for good, a sleeping one is not noticed: both begin anew.
				if (source?.readyState === EventSource.CLOSED || steady() - heard > silenceMs) connect(address);
			};
			const wake = (): void => {
				if (document.visibilityState === 'visible' && !over && (!connected || steady() - heard > silenceMs / 2)) connect(address);
			};
			connect(address);
			const patience = setTimeout(() => (awaited = false), patienceMs);
			const timer = setInterval(check, 3000);
			const ticks = setInterval(() => (clock = offset + steady()), 250);
			document.addEventListener('visibilitychange', wake);
			window.addEventListener('online', wake);
			return () => {
				clearTimeout(patience);
				clearInterval(timer);
				clearInterval(ticks);
				document.removeEventListener('visibilitychange', wake);
				window.removeEventListener('online', wake);
				source?.close();
			};
		}
	};
};

const steady = (): number => performance.now();

/** What a clock face shows: minutes and seconds left, `-` once it has run over. */
export const clockText = (leftMs: number): string => {
	const over = leftMs <= -1000;
	const seconds = Math.abs(over ? Math.trunc(leftMs / 1000) : Math.ceil(Math.max(0, leftMs) / 1000));
	return `${over ? '−' : ''}${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
};

/** Milliseconds left on a timer at a moment of the server's clock. */
export const leftOf = (timer: { leftMs: number; endsAt: string | null }, serverNow: number): number =>
	timer.endsAt ? Date.parse(timer.endsAt) - serverNow : timer.leftMs;
