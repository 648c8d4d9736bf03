import { openCompetitions } from '#lib/server/modules/competitions/index.ts';
import { awardedTotal } from '#lib/server/modules/judging/index.ts';
import { countPublicOrganizations } from '#lib/server/modules/organizations/index.ts';
import { countStations } from '#lib/server/modules/stations/index.ts';

/** What the home page shows of the whole city. Money in fen, times in ISO 8601. */
export type Home = {
	openCompetitions: { slug: string; title: string; station: string; closesAt: string; fundFen: number }[];
	figures: { organizations: number; stations: number; awardedFen: number };
};

const read = async (): Promise<Home> => {
	const [open, organizations, stations, awardedFen] = await Promise.all([
		openCompetitions(),
		countPublicOrganizations(),
		countStations(),
		awardedTotal()
	]);
	return {
		openCompetitions: open.map(({ slug, title, stationName, closesAt, fund }) => ({
			slug,
			title,
			station: stationName,
			closesAt: closesAt.toISOString(),
			fundFen: fund
		})),
		figures: { organizations: organizations.incubating + organizations.graduated, stations, awardedFen }
	};
};

const rememberMs = 10_000;
let remembered: { home: Promise<Home>; until: number } | null = null;

/** The home page is the most visited and the same for everybody: read once in ten seconds. */
export const homeData = (): Promise<Home> => {
	if (!remembered || remembered.until < Date.now()) {
		const home = read();
		remembered = { home, until: Date.now() + rememberMs };
		home.catch(() => (remembered = null));
	}
	return remembered.home;
};
