import { competitionSettingsSchema } from '#lib/domain/competitions/schema.ts';
import type { CompetitionSettings, CompetitionState } from '#lib/domain/competitions/types.ts';
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

/** Loads one competition as it stands, past its commands and without events: for demo data and moving in. */
export const importCompetition = async (input: ImportedCompetition): Promise<{ id: string }> => {
	const { id, station, stationPath, state, history = [], lastNumber = 0, drawSeed, amendments = [], createdAt, createdBy, ...given } = input;
	const settings = competitionSettingsSchema.parse({ ...defaultSettings(createdAt), ...given });
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
