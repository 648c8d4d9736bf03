/** Something the other application processes of this machine must hear before a write counts as done. */
export type Notice = { topic: string; key?: string };

/** As it travels through the process that started them (`cli/server/processes.ts`), which answers when all have heard. */
export type SiblingMessage = { miaopu: 'tell'; id: number; notice: Notice } | { miaopu: 'hear'; id: number; notice: Notice } | { miaopu: 'heard'; id: number };

const listeners = new Map<string, (key?: string) => void>();
const waiting = new Map<number, () => void>();
/** A sibling that hangs must not hold a person's answer for longer, milliseconds; what it remembers ends by itself. */
const patienceMs = 1000;
let lastId = 0;
let listening = false;

const isMessage = (value: unknown): value is SiblingMessage => typeof value === 'object' && value !== null && 'miaopu' in value;

const hear = (message: unknown): void => {
	if (!isMessage(message)) return;
	if (message.miaopu === 'heard') waiting.get(message.id)?.();
	if (message.miaopu !== 'hear') return;
	listeners.get(message.notice.topic)?.(message.notice.key);
	process.send?.({ miaopu: 'heard', id: message.id } satisfies SiblingMessage);
};

/** Listens for what siblings tell on a topic. */
export const listenToSiblings = (topic: string, listener: (key?: string) => void): void => {
	listeners.set(topic, listener);
	if (listening || !process.env.MIAOPU_SIBLINGS) return;
	listening = true;
	process.on('message', hear);
	// Listening alone is no reason to stay alive.
	process.channel?.unref();
};

/** Tells the siblings; done when all of them have heard. Alone, it is done at once. */
export const tellSiblings = (notice: Notice): Promise<void> => {
	if (!process.env.MIAOPU_SIBLINGS || !process.send || !process.connected) return Promise.resolve();
	const id = (lastId += 1);
	return new Promise((resolve) => {
		const done = (): void => {
			clearTimeout(timer);
			waiting.delete(id);
			resolve();
		};
		const timer = setTimeout(done, patienceMs);
		waiting.set(id, done);
		process.send?.({ miaopu: 'tell', id, notice } satisfies SiblingMessage);
	});
};
