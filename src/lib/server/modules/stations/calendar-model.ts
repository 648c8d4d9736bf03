import type { CalendarDay } from '#lib/domain/stations/calendar.ts';
import { defineModel, Schema } from '#lib/server/platform/db/index.ts';

/** The special days of the platform or of one city; whoever has none of their own goes by the one above. */
export type CalendarDocument = {
	/** `platform`, or a station's id. */
	_id: string;
	days: CalendarDay[];
	version: number;
	updatedAt: Date;
	byName: string;
};

const calendar = new Schema<CalendarDocument>({
	_id: { type: String, required: true },
	days: { type: Schema.Types.Mixed, required: true },
	version: { type: Number, default: 0 },
	updatedAt: { type: Date, required: true },
	byName: { type: String, default: '' }
});

export const Calendar = defineModel<CalendarDocument>('Calendar', 'calendars', calendar);
