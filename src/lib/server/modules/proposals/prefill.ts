import type { Track } from '#lib/domain/competitions/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { stationById } from '../stations/index.ts';
import type { ApplicantFacts } from './applicants.ts';

/**
 * Answers the platform already knows, for the questions they fit: who the group is under `team` and `who`, where
 * it works under `beneficiaries` and `place`. The group reads and changes them like its own words.
 */
export const prefilledAnswers = async (tracks: readonly Track[], facts: ApplicantFacts): Promise<Record<string, string>> => {
	const { communities } = await stationById(facts.station);
	const places = communities.filter(({ key }) => facts.communities.includes(key)).map(({ name }) => name);
	const team = [
		m.prop_prefill_team({ name: facts.name, n: facts.memberCount }),
		...(facts.purpose ? [m.prop_prefill_purpose({ purpose: facts.purpose })] : [])
	].join('\n');
	const place = places.length > 0 ? m.prop_prefill_place({ places: places.join(m.prop_list_comma()) }) : '';
	const known: Record<string, string> = { team, who: [team, place].filter(Boolean).join('\n'), beneficiaries: place, place };
	const asked = tracks.flatMap(({ questions }) => questions.map(({ key }) => key));
	return Object.fromEntries(Object.entries(known).filter(([key, text]) => text !== '' && asked.includes(key)));
};
