import type { ObjectionStatus, Side } from '#lib/domain/objections/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { conflictText } from '#lib/ui/features/judging/status.ts';
import type { StatusShape } from '#lib/ui/primitives/status/index.ts';
import type { Tone } from '#lib/ui/primitives/tone.ts';

type Look = { label: string; tone: Tone; shape: StatusShape };

/** Where an objection stands, in word, colour and shape. */
export const objectionStatus = (status: ObjectionStatus): Look =>
	({
		received: { label: m.obj_status_received(), tone: 'info', shape: 'ring' } as const,
		reviewing: { label: m.obj_status_reviewing(), tone: 'warning', shape: 'clock' } as const,
		upheld: { label: m.obj_status_upheld(), tone: 'growth', shape: 'check' } as const,
		rejected: { label: m.obj_status_rejected(), tone: 'neutral', shape: 'cross' } as const
	})[status];

/** A side that is heard. */
export const sideName = (side: Side): string =>
	({ objector: m.obj_side_objector, organization: m.obj_side_organization, judges: m.obj_side_judges })[side]();

/** Why somebody cannot review an objection. */
export const unfitText = (unfit: readonly string[]): string =>
	unfit.map((one) => (one === 'decided' ? m.obj_unfit_decided() : one === 'scored' ? m.obj_unfit_scored() : conflictText([one]))).join('；');
