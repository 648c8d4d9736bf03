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
	/** When it was typed, by the device's clock, ISO 8601; only compared with others of this device. */
	at: string;
	/** Id of the judge: a phone may be handed on, and nobody sends another's marks. */
	owner?: string;
	/** The project and the criteria by key, to show what was typed when its page is gone. */
	title?: string;
	labels?: Record<string, string>;
};

/** A record with the scorecard it belongs to. */
export type KeptRecord = { id: string; key: string; record: LocalRecord };

const prefix = 'miaopu:scorecard:';

/** Each tab keeps its own: two tabs of one scorecard never write over each other. */
const keyOf = (id: string, client: string): string => `${prefix}${id}:${client}`;

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

const read = (key: string): LocalRecord | null => {
	try {
		const value: unknown = JSON.parse(storage()?.getItem(key) ?? 'null');
		return isRecord(value) ? value : null;
	} catch {
		return null;
	}
};

/** Keeps a record on this device; false when the device refuses. */
export const writeLocal = (id: string, record: LocalRecord): boolean => {
	try {
		storage()?.setItem(keyOf(id, record.client), JSON.stringify(record));
		return storage() !== null;
	} catch {
		return false;
	}
};

/** Forgets what the server has now, unless its tab has typed something newer meanwhile. */
export const dropLocal = (id: string, sent: LocalRecord): void => {
	const kept = read(keyOf(id, sent.client));
	if (kept && kept.seq <= sent.seq) storage()?.removeItem(keyOf(id, sent.client));
};

/** Everything this device keeps that no server has, whoever typed it, oldest first. */
export const keptRecords = (): KeptRecord[] => {
	const kept = storage();
	if (!kept) return [];
	return Array.from({ length: kept.length }, (_, at) => kept.key(at) ?? '')
		.filter((key) => key.startsWith(prefix))
		.flatMap((key) => {
			const record = read(key);
			return record ? [{ id: key.slice(prefix.length).split(':')[0] ?? '', key, record }] : [];
		})
		.sort((a, b) => (a.record.at < b.record.at ? -1 : 1));
};

/** Whether a record is this judge's. */
export const isOf = (owner: string, { owner: of = owner }: LocalRecord): boolean => of === owner;

/** A name for this tab. `crypto.randomUUID` needs HTTPS; a street office's server may not have it. */
export const newClient = (): string =>
	Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The device's clock, ISO 8601. */
export const rightNow = (): string => new Date().toISOString();
