export { calendarsOf, editCalendar, readCalendar, workingDaysOf, type CalendarOwner, type CalendarView } from './calendar.ts';
export { createStation } from './commands/create-station.ts';
export { importStations, type ImportedStation } from './imports.ts';
export { inviteStaff } from './commands/invite-staff.ts';
export {
	countStations,
	listStations,
	readStation,
	stationById,
	stationChoices,
	stationBySlug,
	stationsByIds,
	stationsForApplication,
	type StationChoice,
	type StationView
} from './queries.ts';
