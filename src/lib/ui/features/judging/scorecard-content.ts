/** What a judge has typed. Points are null or absent while undecided. */
export type ScorecardContent = {
	scores: Record<string, number | null>;
	comments: Record<string, string>;
	overall: string;
};

/** What is kept on this device until the server has it. */
export type LocalRecord = {
	content: ScorecardContent;
	status: 'draft' | 'submitted';
	/** Version on the server that the content builds on. */
	version: number;
	/** Names this tab and counts its saves, so that one sent twice counts once. */
	client: string;
	seq: number;
	/** When it was typed, ISO 8601. */
	at: string;
};

const prefix = 'miaopu:scorecard:';

/** Local storage may be full, blocked or absent (private windows); then the server alone keeps what is typed. */
const storage = (): Storage | null => {
	try {
		return window.localStorage;
	} catch {
		return null;
	}
};

const isRecord = (value: unknown): value is LocalRecord =>
	typeof value === 'object' && value !== null && 'content' in value && 'version' in value && 'seq' in value && 'client' in value;

/** What this device still keeps of a scorecard, or null. */
export const readLocal = (id: string): LocalRecord | null => {
	try {
		const value: unknown = JSON.parse(storage()?.getItem(prefix + id) ?? 'null');
		return isRecord(value) ? value : null;
	} catch {
		return null;
	}
};

/** Keeps a record on this device; false when the device refuses. */
export const writeLocal = (id: string, record: LocalRecord): boolean => {
	try {
		storage()?.setItem(prefix + id, JSON.stringify(record));
		return storage() !== null;
	} catch {
		return false;
	}
};

/** Forgets what the server has now, unless something newer was typed meanwhile. */
export const dropLocal = (id: string, sent: LocalRecord): void => {
	const kept = readLocal(id);
	if (kept && (kept.client !== sent.client || kept.seq <= sent.seq)) storage()?.removeItem(prefix + id);
};

/** Forgets it in any case. */
export const forgetLocal = (id: string): void => storage()?.removeItem(prefix + id);

/** Ids of scorecards this device keeps something unsent of. */
export const localIds = (): string[] => {
	const kept = storage();
	if (!kept) return [];
	return Array.from({ length: kept.length }, (_, at) => kept.key(at) ?? '')
		.filter((key) => key.startsWith(prefix))
		.map((key) => key.slice(prefix.length));
};

/** A name for this tab. `crypto.randomUUID` needs HTTPS; a street office's server may not have it. */
export const newClient = (): string =>
	Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The device's clock, ISO 8601. */
export const rightNow = (): string => new Date().toISOString();
