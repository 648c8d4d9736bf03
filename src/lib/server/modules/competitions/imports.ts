import { competitionSettingsSchema } from '#lib/domain/competitions/schema.ts';
import { sourceByKey } from '#lib/domain/competitions/question-types.ts';
import type { CompetitionSettings, CompetitionState, Question, Track } from '#lib/domain/competitions/types.ts';
import { newId, toId } from '#lib/server/platform/db/index.ts';
import { newSecret } from '#lib/server/platform/secrets.ts';
import { forgetCompetition } from './cache.ts';
import { defaultSettings } from './defaults.ts';
import { Competition, type CompetitionDocument, type StateStep } from './model.ts';
import { storeTimeline } from './views.ts';

/** A competition with its past, for loading histories. What is not given comes from the platform's defaults. */
export type ImportedCompetition = Partial<CompetitionSettings> &
	Pick<CompetitionSettings, 'title' | 'slug'> & {
		/** 24 hexadecimal digits, for data that must come out the same each time. */
		id?: string;
		station: string;
		stationPath: string[];
		state: CompetitionState;
		history?: StateStep[];
		/** Highest receipt number given so far. */
		lastNumber?: number;
		drawSeed?: string;
		amendments?: CompetitionDocument['amendments'];
		createdAt: Date;
		createdBy?: string | null;
	};

/**
 * Files written before questions named a source and showed an example are read like competitions stored then; a question
 * in the platform's own words gets the platform's example.
 */
const asNow = (track: Track, known: readonly Question[]): Track => ({
	...track,
	questions: track.questions.map((question) => ({
		...question,
		example: (question as Partial<Question>).example ?? known.find(({ key, label }) => key === question.key && label === question.label)?.example ?? '',
		source: (question as Partial<Question>).source ?? sourceByKey(question.key)
	}))
});

/** Loads one competition as it stands, past its commands and without events: for demo data and moving in. */
export const importCompetition = async (input: ImportedCompetition): Promise<{ id: string }> => {
	const { id, station, stationPath, state, history = [], lastNumber = 0, drawSeed, amendments = [], createdAt, createdBy, ...given } = input;
	const defaults = defaultSettings(createdAt);
	const known = defaults.tracks.flatMap(({ questions }) => questions);
	const settings = competitionSettingsSchema.parse({ ...defaults, ...given, tracks: (given.tracks ?? defaults.tracks).map((track) => asNow(track, known)) });
	const _id = id ? toId(id) : newId();
	await Competition.create({
		_id,
		...settings,
		timeline: storeTimeline(settings.timeline),
		station,
		stationPath,
		state,
		stateSince: history.at(-1)?.at ?? createdAt,
		history,
		lastNumber,
		drawSeed: drawSeed ?? newSecret(12),
		amendments,
		createdAt,
		createdBy: createdBy ?? null,
		version: history.length
	});
	forgetCompetition(_id.toHexString());
	return { id: _id.toHexString() };
};
