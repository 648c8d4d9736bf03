/** What the home page shows. Only what is public anyway. */
export type HomeData = {
	/** Calls open for proposals, the one that closes first on top. `closesAt` is ISO 8601. */
	openCompetitions: { slug: string; title: string; station: string; closesAt: string; fundFen: number }[];
	figures: { organizations: number; stations: number; awardedFen: number };
};
