import type { LocalRecord, ScorecardContent } from './scorecard-content.ts';

/** The server's present copy, as a conflict answer carries it. */
export type ServerCopy = ScorecardContent & { status: string; version: number };

/** What became of a save. */
export type SendResult =
	| { kind: 'saved'; version: number; status: string; at: string | null }
	/** Saved from elsewhere meanwhile: both copies exist, the judge chooses. */
	| { kind: 'stale'; current: ServerCopy }
	/** It cannot be changed any more: submitted, recused, given to another judge, or the round has closed. */
	| { kind: 'closed'; message: string }
	| { kind: 'invalid'; message: string; errors: Record<string, string> }
	| { kind: 'signed_out' }
	/** No network (or none that answers in time), or the server is busy or down: try again later. */
	| { kind: 'later'; because: 'network' | 'server' };

/** A hall's network takes requests and never answers them; after so long another try is worth more, milliseconds. */
const patienceMs = 12_000;

/** Waits between tries while the network is away, milliseconds; the browser's `online` event cuts them short. */
export const retryMs = (tries: number): number => [3000, 6000, 12_000][tries] ?? 30_000;

type Problem = {
	title?: string;
	code?: string;
	errors?: { path: string; message: string }[];
	current?: ServerCopy;
	version?: number;
	status?: string;
	savedAt?: string | null;
};

/** One text for all copies that say the same: a mark not given and one left out are no difference. */
const said = ({ scores, comments, overall }: ScorecardContent): string =>
	JSON.stringify(
		[...Object.entries(scores), ...Object.entries(comments), ['overall', overall]]
			.map(([key, value]) => `${key} ${typeof value === 'string' ? value.trim() : (value ?? '')}`)
			.filter((line) => !line.endsWith(' '))
			.sort()
	);

/** Sends one save of a scorecard to its own address. Never throws; sending the same record again is harmless. */
export const sendScorecard = async (id: string, record: LocalRecord, leaving = false): Promise<SendResult> => {
	let response: Response;
	let body: Problem | null = null;
	const patience = new AbortController();
	const timer = setTimeout(() => patience.abort(), patienceMs);
	try {
		response = await fetch(`/app/judging/${id}/save`, {
			method: 'PUT',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({
				...record.content,
				status: record.status,
				version: record.version,
				client: record.client,
				seq: record.seq
			}),
			// A page being left may still finish a small request.
			keepalive: leaving,
			signal: patience.signal
		});
		const text = await response.text();
		// A hall's login page, or a proxy in front of a server that is down, answers with anything but this.
		if (response.headers.get('content-type')?.includes('json')) body = JSON.parse(text) as Problem;
	} catch {
		return { kind: 'later', because: 'network' };
	} finally {
		clearTimeout(timer);
	}
	if (response.ok && typeof body?.version === 'number')
		return { kind: 'saved', version: body.version, status: body.status ?? record.status, at: body.savedAt ?? null };
	if (!body || response.ok) return { kind: 'later', because: response.ok ? 'network' : 'server' };
	if (response.status === 401) return { kind: 'signed_out' };
	if (response.status === 409 && body.code === 'stale' && body.current) return { kind: 'stale', current: body.current };
	const submitted = response.status === 409 && body.current?.status === 'submitted' ? body.current : null;
	// The answer to an earlier try was lost on the way: what is typed here is what was submitted.
	if (submitted && said(submitted) === said(record.content)) return { kind: 'saved', version: submitted.version, status: 'submitted', at: null };
	if (response.status === 409 || response.status === 403 || response.status === 404)
		return { kind: 'closed', message: body.title ?? '' };
	if (response.status === 422)
		return {
			kind: 'invalid',
			message: body.title ?? '',
			errors: Object.fromEntries((body.errors ?? []).map(({ path, message }) => [path, message]))
		};
	return { kind: 'later', because: 'server' };
};
