/** An event as it came over the wire. */
export type StreamEvent = { event: string; id: string; data: unknown; at: number };

/** A stream of server-sent events, read as a browser would. */
export type EventReader = {
	/** Waits for the next event that fits, those already received included, each given once. */
	next: (fits: (event: StreamEvent) => boolean, patienceMs?: number) => Promise<StreamEvent>;
	/** Resolves when the server has ended the stream. */
	ended: Promise<void>;
	close: () => void;
};

const parse = (block: string): StreamEvent => {
	const field = (name: string): string =>
		block
			.split('\n')
			.filter((line) => line.startsWith(`${name}: `))
			.map((line) => line.slice(name.length + 2))
			.join('\n');
	const data = field('data');
	return { event: field('event'), id: field('id'), data: data === '' ? null : (JSON.parse(data) as unknown), at: Date.now() };
};

/** Opens a stream and keeps what comes. */
export const readEvents = async (address: string, headers: Record<string, string> = {}): Promise<EventReader> => {
	const stop = new AbortController();
	const response = await fetch(address, { headers: { Accept: 'text/event-stream', ...headers }, signal: stop.signal });
	if (response.status !== 200 || !response.body) throw new Error(`${address} answered ${response.status}`);
	const waiting: StreamEvent[] = [];
	let wake = (): void => {};
	const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
		const reader = body.getReader();
		const decoder = new TextDecoder();
		let text = '';
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			text += decoder.decode(value, { stream: true });
			const blocks = text.split('\n\n');
			text = blocks.pop() ?? '';
			for (const block of blocks) if (block.includes('event: ')) waiting.push(parse(block));
			wake();
		}
	};
	const ended = read(response.body).catch((error: unknown) => {
		if (!stop.signal.aborted && !(error instanceof TypeError)) throw error;
	});
	return {
		next: async (fits, patienceMs = 20_000) => {
			const until = Date.now() + patienceMs;
			for (;;) {
				const at = waiting.findIndex(fits);
				const found = waiting[at];
				if (found) {
					waiting.splice(0, at + 1);
					return found;
				}
				const left = until - Date.now();
				if (left <= 0) throw new Error(`nothing came that fits; last: ${JSON.stringify(waiting.at(-1))?.slice(0, 300)}`);
				await new Promise<void>((resolve) => {
					const timer = setTimeout(resolve, left);
					wake = () => {
						clearTimeout(timer);
						resolve();
					};
				});
			}
		},
		ended,
		close: () => stop.abort()
	};
};
