import type { SurveyState } from '#lib/domain/surveys/types.ts';
import { dayOf } from '#lib/domain/shared/days.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { SurveyDocument } from './model.ts';

/** The state as it is today: an open survey whose last day is over is closed. */
export const stateNow = ({ state, closesOn }: Pick<SurveyDocument, 'state' | 'closesOn'>): SurveyState =>
	state === 'open' && closesOn !== '' && closesOn < dayOf(now()) ? 'closed' : state;
