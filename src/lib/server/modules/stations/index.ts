export { createStation } from './commands/create-station.ts';
export { inviteStaff } from './commands/invite-staff.ts';
export {
	countStations,
	listStations,
	readStation,
	stationById,
	stationBySlug,
	stationsByIds,
	stationsForApplication,
	type StationView
} from './queries.ts';
