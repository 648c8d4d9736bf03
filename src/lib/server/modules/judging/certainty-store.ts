import { certainty, type CertaintyInput } from '#lib/domain/judging/certainty.ts';
import { compute } from '#lib/server/platform/compute.ts';
import { now } from '#lib/server/platform/clock.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { CertaintyOfRanking, type CertaintyDocument } from './certainty-model.ts';
import { allRankingRows } from './ranking-store.ts';
import type { RankingDocument, RankingRow } from './results-model.ts';
import { rankingSources } from './round-inputs.ts';

export type RankedCertainty = { head: RankingDocument; rows: RankingRow[]; found: CertaintyDocument };

// Hits at the same moment share one computation.
const running = new Map<string, Promise<CertaintyDocument>>();

/** The ranking with how sure it is, computed anew only when the ranking was. */
export const certaintyOf = async (competition: CompetitionView): Promise<RankedCertainty> => {
	const { head, rows } = await allRankingRows(competition);
	const stored = await CertaintyOfRanking.findById(competition.id).lean();
	if (stored?.revision === head.revision) return { head, rows, found: stored };
	const under = running.get(head.revision);
	if (under) return { head, rows, found: await under };
	const turn = store(competition, head).finally(() => running.delete(head.revision));
	running.set(head.revision, turn);
	return { head, rows, found: await turn };
};

const store = async (competition: CompetitionView, head: RankingDocument): Promise<CertaintyDocument> => {
	const { proposals, input } = await rankingSources(competition);
	const asked: CertaintyInput = {
		ranking: input,
		requestedFen: new Map(proposals.map(({ id, requested }) => [id, requested])),
		fundFen: competition.fund,
		seed: competition.drawSeed
	};
	const found = await compute('certainty', asked, certainty);
	const document = {
		revision: head.revision,
		certainty: found,
		summary: { band: found.band.length, places: found.places, reliability: found.calibration.reliability },
		computedAt: now()
	};
	await CertaintyOfRanking.updateOne({ _id: competition.id }, { $set: document }, { upsert: true });
	summaries.forget();
	return { _id: competition.id, ...document };
};

// Asked by every page of the ranking; of one revision it is either not known yet or known for good.
const summaries = createMemory<CertaintyDocument['summary'] | null>({ name: 'certainty', freshMs: 5000, most: 50 });

/** The narrow figures, if they have been computed for this revision of the ranking; at most five seconds late. */
export const certaintySummary = (competition: string, revision: string): Promise<CertaintyDocument['summary'] | null> =>
	summaries.read(`${competition} ${revision}`, async () => {
		const stored = await CertaintyOfRanking.findOne({ _id: competition, revision }, { summary: 1 }).lean();
		return stored?.summary ?? null;
	});
