/** A field of the draft by its path: `title`, `answers.why`, `budget`. */
export type DraftEdits = Record<string, unknown>;
export type DraftFinding = { path: string; code: string; severity: 'block' | 'warn'; message: string };
export type DraftClash = { field: string; mine: unknown; theirs: unknown; byName: string };

type Answer = { version: number; savedAt: string; others: Record<string, { value: unknown; byName: string }>; total: number; findings: DraftFinding[] };
type Kept = { version: number; edits: DraftEdits };

type Options = {
	id: string;
	version: number;
	/** Puts a value somebody else saved (or that was kept on this device) into the form. */
	put: (field: string, value: unknown) => void;
};

const pauseMs = 900;
/** Waits between tries while the network is away, milliseconds; the browser's `online` event cuts them short. */
const retryMs = [3000, 8000, 20_000];

const keyOf = (id: string): string => `miaopu-draft-${id}`;

const readKept = (id: string): Kept | null => {
	try {
		const kept = JSON.parse(localStorage.getItem(keyOf(id)) ?? 'null') as Kept | null;
		return kept && typeof kept.version === 'number' && Object.keys(kept.edits).length > 0 ? kept : null;
	} catch {
		return null;
	}
};

/** `{ 'answers.why': 'x', title: 'y' }` as the server takes it: answers nested, the rest beside them. */
const nested = (edits: DraftEdits): Record<string, unknown> => {
	const body: Record<string, unknown> = {};
	const answers: Record<string, unknown> = {};
	for (const [field, value] of Object.entries(edits))
		if (field.startsWith('answers.')) answers[field.slice(8)] = value;
		else body[field] = value;
	return Object.keys(answers).length > 0 ? { ...body, answers } : body;
};

/**
 * Keeps a draft safe while it is typed: every change stays on this device at once and goes to the server about a
 * second after the last key, only the fields that changed. While the network is away it waits and tries again. A
 * field somebody else changed too is held back until a choice is made; the others go on being saved.
 */
export const createDraftSync = ({ id, version: first, put }: Options) => {
	let state = $state<'idle' | 'saving' | 'saved' | 'offline' | 'conflict'>('idle');
	let version = $state(first);
	let savedAt = $state<string | undefined>();
	let clashes = $state.raw<DraftClash[]>([]);
	let findings = $state.raw<DraftFinding[] | null>(null);
	let refusal = $state('');
	let pending: DraftEdits = {};
	let sending: Promise<void> | null = null;
	let tries = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;

	const keep = () => {
		try {
			if (Object.keys(pending).length > 0) localStorage.setItem(keyOf(id), JSON.stringify({ version, edits: pending } satisfies Kept));
			else localStorage.removeItem(keyOf(id));
		} catch {
			// A device that keeps nothing still has the page itself; the server gets it within a second.
		}
	};
	const plan = (ms: number) => {
		clearTimeout(timer);
		timer = setTimeout(() => void flush(), ms);
	};
	const held = (field: string) => clashes.some((clash) => clash.field === field);

	const settle = (sent: DraftEdits, answer: Answer) => {
		for (const [field, value] of Object.entries(sent)) if (Object.is(pending[field], value)) delete pending[field];
		({ version, savedAt, findings } = answer);
		for (const [field, { value }] of Object.entries(answer.others)) if (!(field in pending)) put(field, value);
		tries = 0;
		refusal = '';
		state = clashes.length > 0 ? 'conflict' : Object.keys(pending).length > 0 ? 'saving' : 'saved';
	};

	const later = () => {
		state = 'offline';
		plan(retryMs[Math.min(tries, retryMs.length - 1)] ?? 20_000);
		tries += 1;
	};

	const send = async (leaving: boolean) => {
		const sent = Object.fromEntries(Object.entries(pending).filter(([field]) => !held(field)));
		if (Object.keys(sent).length === 0) return;
		state = 'saving';
		try {
			const response = await fetch(`/app/proposals/${id}/draft`, {
				method: 'PATCH',
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ ...nested(sent), version }),
				keepalive: leaving
			});
			const body = (await response.json()) as Answer & { title?: string; current?: { version: number; conflicts?: DraftClash[] } };
			if (response.ok) settle(sent, body);
			else if (response.status === 409 && body.current?.conflicts) {
				version = body.current.version;
				clashes = [...clashes.filter(({ field }) => !(field in sent)), ...body.current.conflicts];
				state = 'conflict';
				plan(0);
			} else if (response.status >= 500 || response.status === 429) later();
			else {
				refusal = body.title ?? '';
				state = 'offline';
			}
		} catch {
			later();
		}
		keep();
	};

	const flush = async (leaving = false): Promise<void> => {
		clearTimeout(timer);
		while (sending) await sending;
		sending = send(leaving).finally(() => {
			sending = null;
		});
		await sending;
		if (state === 'saving') plan(0);
	};

	return {
		get state() {
			return state;
		},
		get version() {
			return version;
		},
		get savedAt() {
			return savedAt;
		},
		get clashes() {
			return clashes;
		},
		/** What the server found in the draft as it stands; null until the first save. */
		get findings() {
			return findings;
		},
		/** Why the server will not take it (signed out, already submitted); what was typed stays on this device. */
		get refusal() {
			return refusal;
		},
		edit(field: string, value: unknown) {
			pending[field] = value;
			keep();
			plan(pauseMs);
		},
		flush,
		/** Settles a clash: this side's text is sent on top of the other, or the other's is taken over. */
		choose(field: string, side: 'mine' | 'theirs') {
			const clash = clashes.find((candidate) => candidate.field === field);
			clashes = clashes.filter((candidate) => candidate.field !== field);
			if (clash && side === 'theirs') {
				delete pending[field];
				put(field, clash.theirs ?? '');
			}
			if (clashes.length === 0) state = Object.keys(pending).length > 0 ? 'saving' : 'saved';
			keep();
			plan(0);
		},
		/** Begins: takes up what an earlier visit could not send, and follows the network. Answers how to stop. */
		start(): () => void {
			const kept = readKept(id);
			if (kept) {
				pending = kept.edits;
				version = Math.min(kept.version, first);
				for (const [field, value] of Object.entries(pending)) put(field, value);
				plan(0);
			}
			const online = () => plan(0);
			const leave = () => {
				if (Object.keys(pending).length > 0) void flush(true);
			};
			window.addEventListener('online', online);
			window.addEventListener('pagehide', leave);
			return () => {
				clearTimeout(timer);
				window.removeEventListener('online', online);
				window.removeEventListener('pagehide', leave);
				leave();
			};
		}
	};
};

export type DraftSync = ReturnType<typeof createDraftSync>;
