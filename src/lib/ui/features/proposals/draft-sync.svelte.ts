/** A field of the draft by its path: `title`, `answers.why`, `budget`. */
export type DraftEdits = Record<string, unknown>;
export type DraftFinding = { path: string; code: string; severity: 'block' | 'warn'; message: string };
export type DraftClash = { field: string; mine: unknown; theirs: unknown; byName: string };

/** Why the server does not take a field as it stands. */
export type DraftFault = { field: string; message: string };

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

/** The field a fault of the server is about: `budget[2].item` → `budget`; a path of no field → ''. */
const fieldOf = (path: string, fields: readonly string[]): string => fields.find((field) => path === field || path.startsWith(`${field}[`) || path.startsWith(`${field}.`)) ?? '';

/**
 * Keeps a draft safe while it is typed: every change stays on this device at once and goes to the server about a
 * second after the last key, only the fields that changed. While the network is away it waits and tries again. A
 * field somebody else changed too is held back until a choice is made, one the server does not take until it is
 * changed; the others go on being saved.
 */
export const createDraftSync = ({ id, version: first, put }: Options) => {
	let state = $state<'idle' | 'saving' | 'saved' | 'offline' | 'signed_out' | 'conflict' | 'refused'>('idle');
	let version = $state(first);
	let savedAt = $state<string | undefined>();
	let clashes = $state.raw<DraftClash[]>([]);
	let findings = $state.raw<DraftFinding[] | null>(null);
	let refusal = $state('');
	let faults = $state.raw<DraftFault[]>([]);
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
	const held = (field: string) => clashes.some((clash) => clash.field === field) || faults.some((fault) => fault.field === field);
	const rest = () => (clashes.length > 0 ? 'conflict' : faults.length > 0 ? 'refused' : Object.keys(pending).length > 0 ? 'saving' : 'saved');

	const settle = (sent: DraftEdits, answer: Answer) => {
		for (const [field, value] of Object.entries(sent)) if (Object.is(pending[field], value)) delete pending[field];
		({ version, savedAt, findings } = answer);
		for (const [field, { value }] of Object.entries(answer.others)) if (!(field in pending)) put(field, value);
		tries = 0;
		refusal = '';
		state = rest();
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
			const body = (await response.json()) as Answer & { title?: string; errors?: { path: string; message: string }[]; current?: { version: number; conflicts?: DraftClash[] } };
			if (response.ok) settle(sent, body);
			else if (response.status === 409 && body.current?.conflicts) {
				version = body.current.version;
				clashes = [...clashes.filter(({ field }) => !(field in sent)), ...body.current.conflicts];
				state = 'conflict';
				plan(0);
			} else if (response.status >= 500 || response.status === 429) later();
			else if (response.status === 401) state = 'signed_out';
			else {
				const found = (body.errors ?? []).map(({ path, message }) => ({ field: fieldOf(path, Object.keys(sent)), message })).filter(({ field }) => field !== '');
				state = 'refused';
				if (found.length === 0) refusal = body.title ?? '';
				else {
					faults = [...faults, ...found.filter(({ field }, at) => found.findIndex((other) => other.field === field) === at)];
					plan(0);
				}
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
		/** Why the server will not take it (already submitted); what was typed stays on this device. */
		get refusal() {
			return refusal;
		},
		/** The fields the server does not take as they stand; they stay on this device until they are changed. */
		get faults() {
			return faults;
		},
		edit(field: string, value: unknown) {
			pending[field] = value;
			faults = faults.filter((fault) => fault.field !== field);
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
			if (clashes.length === 0) state = rest();
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
			// Back from signing in again in another tab.
			const back = () => {
				if (state === 'signed_out') plan(0);
			};
			window.addEventListener('focus', back);
			window.addEventListener('online', online);
			window.addEventListener('pagehide', leave);
			return () => {
				clearTimeout(timer);
				window.removeEventListener('focus', back);
				window.removeEventListener('online', online);
				window.removeEventListener('pagehide', leave);
				leave();
			};
		}
	};
};

export type DraftSync = ReturnType<typeof createDraftSync>;
