import { noteAcknowledged } from './acknowledged.ts';
import { dropLocal, isOf, keptRecords, newClient, rightNow, writeLocal, type LocalRecord, type ScorecardContent } from './scorecard-content.ts';
import { retryMs, sendScorecard, type SendResult, type ServerCopy } from './send-scorecard.ts';

/** How long after the last keystroke a save goes out, milliseconds. */
const pauseMs = 700;

/**
 * `offline`, `busy` (the server does not answer), `signed_out`: kept on this device until there is an answer; `unsaved`:
 * nowhere but on the screen; `conflict`: the judge has to choose; `refused`: the server does not take it (any more).
 */
export type SyncState = 'idle' | 'saving' | 'saved' | 'offline' | 'busy' | 'signed_out' | 'unsaved' | 'conflict' | 'refused';

type Options = {
	id: string;
	/** The judge this page was made for. */
	owner: string;
	title: string;
	labels: Record<string, string>;
	version: number;
	savedAt: string | null;
	/** What is typed now. */
	read: () => ScorecardContent;
	/** Puts what another tab left behind into the form. */
	show: (content: ScorecardContent) => void;
	/** After a submission has arrived. */
	onsubmitted: () => void;
};

/**
 * Keeps a scorecard safe: every change is on this device at once and on the server soon after; while the network is
 * away it waits and tries again. One save is under way at a time, the next carries all that was typed meanwhile.
 */
export const createScorecardSync = ({ id, owner, title, labels, version, savedAt, read, show, onsubmitted }: Options) => {
	let state = $state<SyncState>(savedAt ? 'saved' : 'idle');
	let at = $state<string | null>(savedAt);
	let stored = $state(true);
	let conflict = $state.raw<ServerCopy | null>(null);
	let message = $state('');
	let errors = $state.raw<Record<string, string>>({});
	let submitting = $state(false);

	let base = version;
	let client = newClient();
	let seq = 0;
	let pending: LocalRecord | null = null;
	/** What other tabs and earlier visits left, oldest last: one after the other is taken over and sent. */
	let left: LocalRecord[] = [];
	let taken: LocalRecord | null = null;
	let sending = false;
	let stopped = false;
	let tries = 0;
	let noted = '';
	let timer: ReturnType<typeof setTimeout> | undefined;

	const plan = (ms: number) => {
		clearTimeout(timer);
		if (!stopped) timer = setTimeout(() => void flush(), ms);
	};

	/** What is not on the server is on this device, or only on the screen: the judge is told which. */
	const waiting = (why: 'offline' | 'busy' | 'signed_out'): SyncState => (stored ? why : 'unsaved');

	const note = (status: LocalRecord['status']) => {
		const content = read();
		noted = JSON.stringify(content);
		seq += 1;
		pending = { content, status, version: base, client, seq, at: rightNow(), owner, title, labels };
		stored = writeLocal(id, pending);
		// What was taken over lives on in this.
		if (stored && taken) dropLocal(id, taken);
		if (stored) taken = null;
	};

	const takeOver = (record: LocalRecord) => {
		pending = record;
		taken = record;
		base = record.version;
		submitting = record.status === 'submitted';
		state = 'saving';
		noted = JSON.stringify(record.content);
		show(record.content);
		plan(0);
	};

	const settle = (record: LocalRecord, result: SendResult) => {
		switch (result.kind) {
			case 'saved':
				base = result.version;
				at = result.at;
				tries = 0;
				dropLocal(id, record);
				if (taken === record) taken = null;
				void noteAcknowledged(id, { version: result.version, status: result.status, at: result.at, content: record.content });
				if (pending === record) pending = null;
				else if (pending) {
					pending = { ...pending, version: base };
					writeLocal(id, pending);
				}
				state = pending ? 'saving' : 'saved';
				if (result.status === 'submitted') {
					if (!stopped) onsubmitted();
				} else if (!pending) {
					const next = left.pop();
					if (next) takeOver(next);
				}
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
				state = 'refused';
				break;
			case 'invalid':
				message = result.message;
				errors = result.errors;
				submitting = false;
				// What was typed stays here; only the wish to submit it is taken back.
				if (pending === record) pending = null;
				stored = writeLocal(id, { ...record, status: 'draft' });
				state = 'refused';
				break;
			case 'signed_out':
				state = waiting('signed_out');
				plan(retryMs(3));
				break;
			case 'later':
				state = waiting(result.because === 'network' ? 'offline' : 'busy');
				plan(retryMs(tries));
				tries += 1;
		}
	};

	const flush = async (leaving = false) => {
		if (sending || !pending || conflict) return;
		sending = true;
		const record = pending;
		// While the network is away the word for it stays: a try is not news.
		if (state === 'idle' || state === 'saved' || state === 'refused') state = 'saving';
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
		get conflict() {
			return conflict;
		},
		get message() {
			return message;
		},
		get errors() {
			return errors;
		},
		/** A submission is on its way or waits for a network; nothing can be typed meanwhile. */
		get submitting() {
			return submitting;
		},
		/** Something was typed. */
		edited() {
			if (submitting || JSON.stringify(read()) === noted) return;
			errors = {};
			message = '';
			note('draft');
			if (!stored) state = 'unsaved';
			else if (state === 'idle' || state === 'saved' || state === 'refused') state = 'saving';
			plan(tries > 0 ? retryMs(0) : pauseMs);
		},
		/** The judge submits; without a network it goes out when there is one. */
		submit() {
			errors = {};
			message = '';
			submitting = true;
			note('submitted');
			plan(0);
		},
		/** Takes back a submission that still waits; one that has arrived all the same stays. */
		takeBack() {
			if (!submitting) return;
			submitting = false;
			note('draft');
			plan(pauseMs);
		},
		/** What earlier visits could not send is put into the form and sent again as it was. */
		restore(): boolean {
			left = keptRecords().flatMap((kept) => (kept.id === id && isOf(owner, kept.record) ? [kept.record] : []));
			const last = left.pop();
			if (last) takeOver(last);
			return last !== undefined;
		},
		/** The page on the screen is older than what the server has acknowledged: goes on from there, if nothing was typed. */
		resume({ version: newer, at: then, content }: { version: number; at: string | null; content: ScorecardContent }) {
			if (pending || sending || newer <= base) return;
			base = newer;
			at = then;
			state = 'saved';
			noted = JSON.stringify(content);
			show(content);
		},
		/** In a conflict: what is here replaces what the server has. */
		keepMine() {
			if (!conflict) return;
			base = conflict.version;
			client = newClient();
			if (pending) taken = pending;
			conflict = null;
			note('draft');
			plan(0);
		},
		/** In a conflict: what the server has replaces what is here. */
		takeTheirs(): ServerCopy | null {
			const theirs = conflict;
			if (!theirs) return null;
			base = theirs.version;
			if (pending) dropLocal(id, pending);
			pending = null;
			taken = null;
			conflict = null;
			noted = '';
			state = 'saved';
			const next = left.pop();
			if (next) takeOver(next);
			return next ? null : theirs;
		},
		/** Sends at once: the network is back, the phone was woken, or the page is about to be left. */
		hurry(leaving = false) {
			tries = 0;
			void flush(leaving);
		},
		/** Whether something is nowhere but on this screen. */
		get precarious() {
			return state === 'unsaved';
		},
		/** The form is gone; what is still unsent goes out once more. */
		stop() {
			stopped = true;
			clearTimeout(timer);
			void flush(true);
		}
	};
};

export type ScorecardSync = ReturnType<typeof createScorecardSync>;
