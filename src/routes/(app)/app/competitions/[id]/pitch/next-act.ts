import { m } from '#lib/i18n/generated/messages.js';
import type { Tone } from '#lib/ui/primitives/tone.ts';

type Scoring = 'waiting' | 'open' | 'closed' | 'revealed';

/** What the console shows, as it comes over the wire. */
export type ConsoleState = {
	status: 'ready' | 'running' | 'ended';
	seed: string;
	draws: { seed: string; at: string; byName: string; reason: string }[];
	talkSeconds: number;
	questionSeconds: number;
	opensAfter: number;
	presented: number;
	current: string | null;
	timer: { part: 'talk' | 'questions'; seconds: number; leftMs: number; endsAt: string | null };
	items: {
		proposal: string;
		number: string;
		title: string;
		organization: string;
		position: number;
		presented: boolean;
		scoring: Scoring;
		submitted: number;
		of: number;
		missing: string[];
		standing: { rank: number; score: string; n: number; provisional: boolean } | null;
	}[];
	ballots: number;
	hasScreen: boolean;
	version: number;
};

/** The one big button: what comes next in the ordinary course of things, and what to know before pressing it. */
export const nextAct = (view: ConsoleState): { act: string; proposal?: string; label: string; note: string } => {
	const next = view.items.find(({ presented }) => !presented);
	const bring = next
		? { act: 'present', proposal: next.proposal, label: view.current ? m.pitch_bring_next({ title: next.title }) : m.pitch_bring_first(), note: '' }
		: null;
	const current = view.items.find(({ proposal }) => proposal === view.current);
	if (!current) return bring ?? ending(view);
	const { proposal, scoring } = current;
	if (scoring === 'waiting') {
		const lacking = view.opensAfter - view.presented;
		if (lacking > 0 && bring) return { ...bring, note: m.pitch_wait_for({ n: lacking }) };
		const waiting = view.items.filter((item) => item.presented && item.scoring === 'waiting').length;
		return { act: 'open', label: waiting > 1 ? m.pitch_open_all({ n: waiting }) : m.pitch_open(), note: '' };
	}
	if (scoring === 'open') return { act: 'close', proposal, label: m.pitch_close(), note: '' };
	if (scoring === 'closed') return { act: 'reveal', proposal, label: m.pitch_reveal(), note: '' };
	const pending = view.items.find((item) => item.scoring === 'closed') ?? view.items.find((item) => item.scoring === 'open');
	if (pending)
		return pending.scoring === 'closed'
			? { act: 'reveal', proposal: pending.proposal, label: `${m.pitch_reveal()}：${pending.title}`, note: '' }
			: { act: 'close', proposal: pending.proposal, label: `${m.pitch_close()}：${pending.title}`, note: '' };
	return bring ?? ending(view);
};

const ending = (view: ConsoleState): { act: string; label: string; note: string } => ({
	act: view.items.every(({ scoring }) => scoring === 'revealed') ? 'end' : '',
	label: m.pitch_end(),
	note: ''
});

/** Where a proposal's scoring stands, as word, colour and shape. */
export const scoringStatus = ({ scoring, presented }: { scoring: Scoring; presented: boolean }): { label: string; tone: Tone } => {
	if (scoring === 'open') return { label: m.pitch_state_open(), tone: 'growth' };
	if (scoring === 'closed') return { label: m.pitch_state_closed(), tone: 'warning' };
	if (scoring === 'revealed') return { label: m.pitch_state_revealed(), tone: 'info' };
	return { label: presented ? m.pitch_state_presented() : m.pitch_state_waiting(), tone: 'neutral' };
};
