import type { CalibrationRefusal } from '#lib/domain/judging/calibrated/official.ts';
import { m } from '#lib/i18n/generated/messages.js';

const why: Record<CalibrationRefusal, () => string> = {
	too_few: m.calib_why_too_few,
	disconnected: m.calib_why_disconnected,
	no_difference: m.calib_why_no_difference
};

/** Why the mean counts where the rule is the calibrated score. @param round its name, with the judge group's if it has groups */
export const uncalibratedText = (round: string, reason: CalibrationRefusal): string => m.calib_refused_round({ round, why: why[reason]() });
