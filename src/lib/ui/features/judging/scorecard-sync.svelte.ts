import { dropLocal, forgetLocal, newClient, readLocal, rightNow, writeLocal, type LocalRecord, type ScorecardContent } from './scorecard-content.ts';
import { sendScorecard, type SendResult, type ServerCopy } from './send-scorecard.ts';

/** How long after the last keystroke a save goes out, milliseconds. */
const pauseMs = 700;
/** Waits between tries while the network is away, milliseconds; the browser's `online` event cuts them short. */
const retryMs = [3000, 6000, 12_000, 30_000];

export type SyncState = 'idle' | 'saving' | 'saved' | 'offline' | 'conflict';

type Options = {
	id: string;
	version: number;
	savedAt: string | null;
	/** What is typed now. */
	read: () => ScorecardContent;
	/** After a submission has arrived. */
	onsubmitted: () => void;
};

/**
 * Keeps a scorecard safe: every change is on this device at once and on the server soon after; while the network is
 * away it waits and tries again. One save is under way at a time, the next carries all that was typed meanwhile.
 */
export const createScorecardSync = ({ id, version, savedAt, read, onsubmitted }: Options) => {
	let state = $state<SyncState>(savedAt ? 'saved' : 'idle');
	let at = $state<string | null>(savedAt);
	let stored = $state(true);
	let conflict = $state.raw<ServerCopy | null>(null);
	let message = $state('');
	let errors = $state.raw<Record<string, string>>({});
	let signedOut = $state(false);
	let submitting = $state(false);

	let base = version;
	let client = newClient();
	let seq = 0;
	let pending: LocalRecord | null = null;
	let sending = false;
	let tries = 0;
	let noted = '';
	let timer: ReturnType<typeof setTimeout> | undefined;

	const plan = (ms: number) => {
		clearTimeout(timer);
		timer = setTimeout(() => void flush(), ms);
	};

	const note = (status: LocalRecord['status']) => {
		const content = read();
		noted = JSON.stringify(content);
		seq += 1;
		pending = { content, status, version: base, client, seq, at: rightNow() };
		stored = writeLocal(id, pending);
	};

	const settle = (record: LocalRecord, result: SendResult) => {
		switch (result.kind) {
			case 'saved':
				base = result.version;
				at = result.at;
				tries = 0;
				signedOut = false;
				dropLocal(id, record);
				if (pending === record) pending = null;
				else if (pending) pending = { ...pending, version: base };
				state = pending ? 'saving' : 'saved';
				if (result.status === 'submitted') onsubmitted();
				break;
			case 'stale':
				conflict = result.current;
				submitting = false;
				state = 'conflict';
				break;
			case 'closed':
				message = result.message;
				pending = null;
				submitting = false;
				state = 'conflict';
				break;
			case 'invalid':
				message = result.message;
				errors = result.errors;
				submitting = false;
				// What was typed stays here; only the wish to submit it is taken back.
				if (pending === record) pending = null;
				writeLocal(id, { ...record, status: 'draft' });
				state = 'idle';
				break;
			case 'signed_out':
				signedOut = true;
				state = 'offline';
				break;
			case 'later':
				state = 'offline';
				plan(retryMs[Math.min(tries, retryMs.length - 1)] ?? 30_000);
				tries += 1;
		}
	};

	const flush = async (leaving = false) => {
		if (sending || !pending || conflict) return;
		sending = true;
		const record = pending;
		state = 'saving';
		const result = await sendScorecard(id, record, leaving);
		sending = false;
		settle(record, result);
		if (pending && pending !== record && !conflict && result.kind === 'saved') plan(0);
	};

	return {
		get state() {
			return state;
		},
		get at() {
			return at ?? undefined;
		},
		/** False when this device keeps nothing, so that closing the page may lose what is not sent yet. */
		get stored() {
			return stored;
		},
		get conflict() {
			return conflict;
		},
		get message() {
			return message;
		},
		get errors() {
			return errors;
		},
		get signedOut() {
			return signedOut;
		},
		get submitting() {
			return submitting;
		},
		/** Something was typed. */
		edited() {
			if (submitting || JSON.stringify(read()) === noted) return;
			note('draft');
			if (state !== 'offline') state = 'saving';
			plan(pauseMs);
		},
		/** The judge submits; without a network it goes out when there is one. */
		submit() {
			errors = {};
			message = '';
			submitting = true;
			note('submitted');
			plan(0);
		},
		/** What an earlier visit could not send, to be taken over into the form; it is sent again as it was. */
		restore(): ScorecardContent | null {
			const kept = readLocal(id);
			if (!kept) return null;
			pending = kept;
			submitting = kept.status === 'submitted';
			state = 'offline';
			plan(0);
			return kept.content;
		},
		/** In a conflict: what is here replaces what the server has. */
		keepMine() {
			if (!conflict) return;
			base = conflict.version;
			client = newClient();
			conflict = null;
			note('draft');
			plan(0);
		},
		/** In a conflict: what the server has replaces what is here. */
		takeTheirs(): ServerCopy | null {
			const theirs = conflict;
			if (!theirs) return null;
			base = theirs.version;
			pending = null;
			conflict = null;
			forgetLocal(id);
			state = 'saved';
			return theirs;
		},
		/** Sends at once: the network is back, or the page is about to be left. */
		hurry(leaving = false) {
			tries = 0;
			void flush(leaving);
		},
		stop() {
			clearTimeout(timer);
		}
	};
};

export type ScorecardSync = ReturnType<typeof createScorecardSync>;

/** Sends what this device still keeps of other scorecards, for the queue's page. Answers how many are still waiting. */
export const sendKept = async (ids: readonly string[]): Promise<number> => {
	let waiting = 0;
	for (const id of ids) {
		const kept = readLocal(id);
		if (!kept) continue;
		const result = await sendScorecard(id, kept);
		if (result.kind === 'saved') dropLocal(id, kept);
		else waiting += 1;
	}
	return waiting;
};
