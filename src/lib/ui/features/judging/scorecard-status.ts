import { m } from '#lib/i18n/generated/messages.js';
import type { StatusShape } from '#lib/ui/primitives/status/index.ts';
import type { Tone } from '#lib/ui/primitives/tone.ts';

export type Look = { label: string; tone: Tone; shape: StatusShape };

/** A scorecard's state in word, colour and shape. */
export const scorecardStatus = (status: 'assigned' | 'draft' | 'submitted' | 'recused'): Look => {
	switch (status) {
		case 'assigned':
			return { label: m.score_status_assigned(), tone: 'neutral', shape: 'ring' };
		case 'draft':
			return { label: m.score_status_draft(), tone: 'info', shape: 'half' };
		case 'submitted':
			return { label: m.score_status_submitted(), tone: 'growth', shape: 'check' };
		case 'recused':
			return { label: m.score_status_recused(), tone: 'warning', shape: 'return' };
	}
};
