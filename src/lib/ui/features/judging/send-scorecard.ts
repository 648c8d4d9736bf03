import type { LocalRecord, ScorecardContent } from './scorecard-content.ts';

/** The server's present copy, as a conflict answer carries it. */
export type ServerCopy = ScorecardContent & { status: string; version: number };

/** What became of a save. */
export type SendResult =
	| { kind: 'saved'; version: number; status: string; at: string | null }
	/** Saved from elsewhere meanwhile: both copies exist, the judge chooses. */
	| { kind: 'stale'; current: ServerCopy }
	/** It cannot be changed any more: submitted, recused, or the round has closed. */
	| { kind: 'closed'; message: string }
	| { kind: 'invalid'; message: string; errors: Record<string, string> }
	| { kind: 'signed_out' }
	/** No network, or the server is busy or down: try again later. */
	| { kind: 'later' };

type Problem = {
	title?: string;
	code?: string;
	errors?: { path: string; message: string }[];
	current?: ServerCopy;
	version?: number;
	status?: string;
	savedAt?: string | null;
};

/** Sends one save of a scorecard to its own address. Never throws; sending the same record again is harmless. */
export const sendScorecard = async (id: string, record: LocalRecord, leaving = false): Promise<SendResult> => {
	let response: Response;
	let body: Problem;
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
			keepalive: leaving
		});
		body = (await response.json()) as Problem;
	} catch {
		return { kind: 'later' };
	}
	if (response.ok)
		return { kind: 'saved', version: body.version ?? record.version, status: body.status ?? record.status, at: body.savedAt ?? null };
	if (response.status === 401) return { kind: 'signed_out' };
	if (response.status === 409 && body.code === 'stale' && body.current) return { kind: 'stale', current: body.current };
	if (response.status === 409 || response.status === 403 || response.status === 404)
		return { kind: 'closed', message: body.title ?? '' };
	if (response.status === 422)
		return {
			kind: 'invalid',
			message: body.title ?? '',
			errors: Object.fromEntries((body.errors ?? []).map(({ path, message }) => [path, message]))
		};
	return { kind: 'later' };
};
