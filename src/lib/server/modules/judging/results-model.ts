import type { CalibrationRefusal } from '#lib/domain/judging/calibrated/official.ts';
import type { AggregateRule } from '#lib/domain/judging/ranking.ts';
import type { CombinedRanking, RoundScore } from '#lib/domain/judging/rounds.ts';
import type { Outcome } from '#lib/domain/judging/types.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

/** Where a proposal stands against the fund when money is given down the ranking. */
export type LineSide = 'inside' | 'straddling' | 'outside';

/** A proposal's place, narrow enough to list. Scores in hundredths of a point, money in fen. */
export type RankingRow = {
	proposal: string;
	number: string;
	title: string;
	organization: string;
	organizationName: string;
	/** Null while nobody has scored it. */
	rank: number | null;
	score: number | null;
	/** Counted scorecards: `judge` is a position in the head's list, `total` in hundredths, `dropped` by trimming. */
	cards: { judge: number; total: number; dropped: boolean }[];
	appliedRule: AggregateRule | null;
	tie: string | null;
	printsAlike: boolean;
	requested: number;
	line: LineSide | null;
	/** Scores by round where there are several, groups or bonus points; hundredths. Rankings stored earlier lack it. */
	rounds?: RoundScore[];
	/** Rounds that counted as 0 because nobody has scored it there. */
	missingRounds?: string[];
	/** The last round it takes part in. */
	reached?: string;
	/** Bonus points counted, hundredths. */
	bonus?: number;
};

/** The head of a computed ranking; its rows lie in pages of a hundred under the same revision. */
export type RankingDocument = {
	/** The competition's id. */
	_id: string;
	revision: string;
	/** Latest change of a counted scorecard seen, null when there was none. */
	upTo: Date | null;
	computedAt: Date;
	judges: { id: string; name: string }[];
	proposals: number;
	ranked: number;
	scorecards: number;
	fund: number;
	requested: number;
	line: { inside: number; spent: number; left: number; straddling: { number: string; requested: number; available: number } | null };
	/** Proposals for which trimming fell back to the mean. */
	fellBack: number;
	/** Rounds and groups whose cards could not be calibrated; rankings stored earlier lack it. */
	uncalibrated?: CombinedRanking['uncalibrated'];
	ties: number;
};

const ranking = new Schema<RankingDocument>({
	_id: { type: String, required: true },
	revision: { type: String, required: true },
	upTo: { type: Date, default: null },
	computedAt: { type: Date, required: true },
	judges: { type: Schema.Types.Mixed, required: true },
	proposals: { type: Number, required: true },
	ranked: { type: Number, required: true },
	scorecards: { type: Number, required: true },
	fund: { type: Number, required: true },
	requested: { type: Number, required: true },
	line: { type: Schema.Types.Mixed, required: true },
	fellBack: { type: Number, required: true },
	uncalibrated: { type: Schema.Types.Mixed, default: [] },
	ties: { type: Number, required: true }
});

export const Ranking = defineModel<RankingDocument>('Ranking', 'rankings', ranking);

export type RankingPageDocument = { _id: Id; competition: string; revision: string; page: number; rows: RankingRow[] };

const rankingPage = new Schema<RankingPageDocument>({
	competition: { type: String, required: true },
	revision: { type: String, required: true },
	page: { type: Number, required: true },
	rows: { type: Schema.Types.Mixed, required: true }
});
rankingPage.index({ competition: 1, revision: 1, page: 1 }, { unique: true });

export const RankingPage = defineModel<RankingPageDocument>('RankingPage', 'rankingpages', rankingPage);

export type Award = { outcome: Outcome; amount: number; reason: string };

/** All awards of a competition in one document, so that their total can never pass the fund. Money in fen. */
export type DecisionDocument = {
	/** The competition's id. */
	_id: string;
	/** By proposal id. */
	rows: Record<string, Award>;
	/** Sum of all funded amounts. */
	total: number;
	/** Number of the notice that published it; nothing changes while it is set, whatever a cache still believes. */
	publishedAs: number | null;
	version: number;
	updatedAt: Date;
	byName: string;
	/** Accounts that decided anything here: they do not review objections to it. */
	deciders: string[];
};

const decision = new Schema<DecisionDocument>({
	_id: { type: String, required: true },
	rows: { type: Schema.Types.Mixed, default: {} },
	total: { type: Number, default: 0 },
	publishedAs: { type: Number, default: null },
	version: { type: Number, default: 0 },
	updatedAt: { type: Date, required: true },
	byName: { type: String, default: '' },
	deciders: { type: [String], default: [] }
});

export const Decision = defineModel<DecisionDocument>('Decision', 'decisions', decision);

/** A line of a published result. Score in hundredths of a point, money in fen. */
export type ResultRow = {
	rank: number | null;
	proposal: string;
	number: string;
	title: string;
	organization: string;
	organizationName: string;
	score: number | null;
	n: number;
	requested: number;
	outcome: Outcome;
	amount: number;
	reason: string;
};

/** A public notice. A later one supersedes it and leaves it readable. */
export type ResultDocument = {
	_id: Id;
	competition: string;
	slug: string;
	title: string;
	/** 1, 2, … */
	n: number;
	publishedAt: Date;
	/** Until the end of the last working day of the notice, Shanghai time. */
	noticeUntil: Date;
	noticeDays: number;
	fund: number;
	total: number;
	rows: ResultRow[];
	/** SHA-256 of the public file. */
	digest: string;
	publishedByName: string;
	/** Number of the notice this one corrects, why, and the objections that led to it; null for a first notice. */
	corrects: { n: number; reason: string; receipts: string[] } | null;
	/** Every time its end was computed anew, by whom and why. */
	periodChanges: PeriodChange[];
	/** Rounds with calibrated scores, and the judge groups among them that had to be averaged. Older notices lack it. */
	calibrated?: { round: string; uncalibrated: { group: string; reason: CalibrationRefusal }[] }[];
};

/** A running notice never changes its end by itself: this is the act that did. */
export type PeriodChange = { at: Date; from: Date; to: Date; byName: string; reason: string };

const result = new Schema<ResultDocument>({
	competition: { type: String, required: true },
	slug: { type: String, required: true },
	title: { type: String, required: true },
	n: { type: Number, required: true },
	publishedAt: { type: Date, required: true },
	noticeUntil: { type: Date, required: true },
	noticeDays: { type: Number, required: true },
	fund: { type: Number, required: true },
	total: { type: Number, required: true },
	rows: { type: Schema.Types.Mixed, required: true },
	digest: { type: String, required: true },
	publishedByName: { type: String, default: '' },
	corrects: { type: Schema.Types.Mixed, default: null },
	periodChanges: { type: Schema.Types.Mixed, default: [] },
	calibrated: { type: Schema.Types.Mixed, default: [] }
});
result.index({ competition: 1, n: 1 }, { unique: true });
result.index({ slug: 1, n: -1 });

export const Result = defineModel<ResultDocument>('Result', 'results', result);

/** The public file of a result, canonical JSON: what the digest covers. Apart from it, so that pages stay narrow. */
export type ResultFileDocument = { _id: string; text: string };

const resultFile = new Schema<ResultFileDocument>({
	_id: { type: String, required: true },
	text: { type: String, required: true }
});

export const ResultFile = defineModel<ResultFileDocument>('ResultFile', 'resultfiles', resultFile);
