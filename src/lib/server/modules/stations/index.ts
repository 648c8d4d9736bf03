export { createStation } from './commands/create-station.ts';
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
