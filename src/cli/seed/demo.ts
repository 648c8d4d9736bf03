import type { Grant } from '#lib/domain/accounts/types.ts';
import { createUser, grantRole } from '#lib/server/modules/accounts/index.ts';
import { importCompetition } from '#lib/server/modules/competitions/index.ts';
import { importJudging } from '#lib/server/modules/judging/index.ts';
import { importGroupTools, importOrganizations } from '#lib/server/modules/organizations/index.ts';
import { importProposals, type ImportedProposal } from '#lib/server/modules/proposals/index.ts';
import { importSurveys } from '#lib/server/modules/surveys/index.ts';
import { createStation, stationById, type StationView } from '#lib/server/modules/stations/index.ts';
import { markDemo } from '#lib/server/platform/demo-mark.ts';
import { dayOf, momentOf } from './days.ts';
import type { CompetitionSeed, DemoFiles, ProposalSeed } from './demo-files.ts';

/** The password of all demo accounts. */
export const demoPassword = 'miaopu-demo';

const system = { kind: 'system', name: 'demo' } as const;

type Loaded = {
	today: string;
	stations: Map<string, StationView>;
	users: Map<string, { id: string; name: string; phone: string }>;
	organizations: Map<string, string>;
};

const known = <T>(map: ReadonlyMap<string, T>, key: string): T => {
	const value = map.get(key);
	if (value === undefined) throw new Error(`The demo data name “${key}”, which does not exist.`);
	return value;
};

const loadStations = async (files: DemoFiles): Promise<Loaded['stations']> => {
	const stations = new Map<string, StationView>();
	for (const { key, parent, ...station } of files.stations) {
		const { id } = await createStation(system, { ...station, parent: parent === null ? null : known(stations, parent).id });
		stations.set(key, await stationById(id));
	}
	return stations;
};

const loadAccounts = async (files: DemoFiles, stations: Loaded['stations']): Promise<Loaded['users']> => {
	const users: Loaded['users'] = new Map();
	for (const account of files.accounts) {
		const grants = account.grants.flatMap(({ role, scopeKind, scope }): Grant[] => {
			if (scopeKind === 'platform') return [{ role, scopeKind, scopeId: null }];
			return scopeKind === 'station' && scope !== null ? [{ role, scopeKind, scopeId: known(stations, scope).id }] : [];
		});
		const { id } = await createUser({
			name: account.name,
			shortName: account.key,
			phone: account.phone,
			email: account.email,
			employer: account.employer,
			household: account.household,
			password: demoPassword,
			grants
		});
		users.set(account.key, { id, name: account.name, phone: account.phone });
	}
	return users;
};

/** Rights within a thing that exists only now: an organization or a competition. */
const grantLater = async (files: DemoFiles, loaded: Loaded, scopeKind: 'organization' | 'competition', ids: ReadonlyMap<string, string>) => {
	for (const account of files.accounts)
		for (const grant of account.grants)
			if (grant.scopeKind === scopeKind && grant.scope !== null && ids.has(grant.scope))
				await grantRole(known(loaded.users, account.key).id, { role: grant.role, scopeKind, scopeId: known(ids, grant.scope) });
};

const proposalOf = (seed: ProposalSeed, seq: number | null, seedFile: CompetitionSeed, files: DemoFiles, loaded: Loaded): ImportedProposal => {
	const organization = files.organizations.find(({ key }) => key === seed.organization);
	if (!organization) throw new Error(`${seedFile.slug}: no organization “${seed.organization}”`);
	const station = known(loaded.stations, organization.station);
	const author = [...loaded.users.values()].find(({ phone }) => phone === organization.applied.phone);
	const mentor = organization.mentor ? loaded.users.get(organization.mentor) : undefined;
	const writer = author ?? mentor ?? known(loaded.users, 'worker');
	const submittedAt = seed.submittedDay === undefined ? null : momentOf(loaded.today, { day: seed.submittedDay, time: seed.time });
	const { key: _key, organization: _organization, status, createdDay, submittedDay: _day, time: _time, attachments = [], screening, ...draft } = seed;
	return {
		...draft,
		files: attachments.map(({ name, file }) => ({ name, bytes: files.fileBytes(file) })),
		organization: known(loaded.organizations, seed.organization),
		organizationName: organization.name,
		station: station.id,
		stationPath: station.path,
		status,
		seq,
		submittedAt,
		createdAt: createdDay === undefined ? new Date((submittedAt ?? new Date()).getTime() - 3 * 86_400_000) : momentOf(loaded.today, { day: createdDay }),
		createdBy: writer.id,
		createdByName: author ? author.name : organization.applied.name,
		proxy: !author,
		screening: screening
			? [
					{
						outcome: screening.outcome,
						checklist: screening.checklist,
						reason: screening.reason,
						correctBy: screening.correctByDay === undefined ? null : momentOf(loaded.today, { day: screening.correctByDay, time: '18:00' }),
						by: known(loaded.users, screening.by).id,
						byName: known(loaded.users, screening.by).name,
						at: momentOf(loaded.today, { day: screening.day, time: '15:30' }),
						submission: 1
					}
				]
			: []
	};
};

const loadCompetition = async (seed: CompetitionSeed, files: DemoFiles, loaded: Loaded): Promise<string> => {
	const station = known(loaded.stations, seed.station);
	const at = (moment: { day: number; time?: string }): string => momentOf(loaded.today, moment).toISOString();
	const { station: _station, state, transitions, proposals, judges, scorecards, awards, notice, timeline, eligibility, ...settings } = seed;
	const { id } = await importCompetition({
		...settings,
		timeline: {
			announcesAt: timeline.announcesAt ? at(timeline.announcesAt) : null,
			opensAt: at(timeline.opensAt),
			closesAt: at(timeline.closesAt),
			graceSeconds: timeline.graceSeconds,
			scoringUntil: timeline.scoringUntil ? at(timeline.scoringUntil) : null
		},
		eligibility: { ...eligibility, catchment: eligibility.catchment.map((key) => known(loaded.stations, key).id) },
		station: station.id,
		stationPath: station.path,
		state,
		history: transitions.map((step, index) => ({
			from: transitions[index - 1]?.to ?? 'draft',
			to: step.to,
			at: momentOf(loaded.today, { day: step.day, time: '10:00' }),
			by: known(loaded.users, step.by).id,
			byName: known(loaded.users, step.by).name,
			reason: step.reason
		})),
		lastNumber: proposals.filter(({ submittedDay }) => submittedDay !== undefined).length,
		drawSeed: `${seed.slug}-lots`,
		createdAt: momentOf(loaded.today, { day: (transitions[0]?.day ?? 0) - 10 }),
		createdBy: known(loaded.users, transitions[0]?.by ?? 'head').id
	});
	const order = proposals
		.filter(({ submittedDay }) => submittedDay !== undefined)
		.sort((a, b) => (a.submittedDay ?? 0) - (b.submittedDay ?? 0) || ((a.time ?? '') < (b.time ?? '') ? -1 : 1));
	const inputs = proposals.map((proposal) => proposalOf(proposal, order.includes(proposal) ? order.indexOf(proposal) + 1 : null, seed, files, loaded));
	const ids = await importProposals(id, inputs);
	const proposalIds = new Map(proposals.map(({ key }, index) => [key, ids[index] ?? '']));
	await importJudging(
		id,
		{ judges, scorecards, awards, notice },
		{
			proposal: (key) => known(proposalIds, key),
			user: (key) => loaded.users.get(key) ?? null,
			at: (day, order = 0) => new Date(momentOf(loaded.today, { day, time: '09:00' }).getTime() + (order % 80) * 7 * 60_000)
		}
	);
	return id;
};

/**
 * Loads the demonstration city into an empty database, dated back from today. `say` hears what is being done.
 */
export const loadDemo = async (files: DemoFiles, now: Date, say: (text: string) => void): Promise<void> => {
	const today = dayOf(now);
	say(`stations (${files.stations.length}) and accounts (${files.accounts.length})`);
	const stations = await loadStations(files);
	const users = await loadAccounts(files, stations);
	say(`organizations (${files.organizations.length})`);
	const byPhone = new Map([...users.values()].map(({ id, phone }) => [phone, id]));
	const context = {
		today,
		station: (key: string) => {
			const { id, path, slug } = known(stations, key);
			return { id, path, slug };
		},
		user: (key: string) => users.get(key) ?? null,
		userByPhone: (phone: string) => byPhone.get(phone) ?? null,
		feedbackForms: true
	};
	const organizations = await importOrganizations(files.organizations, context);
	await importGroupTools(files.groupTools, files.organizations, context);
	const loaded: Loaded = { today, stations, users, organizations };
	const asked = await importSurveys(files.organizations, {
		today,
		station: (key) => known(stations, key),
		user: (key) => users.get(key) ?? null
	});
	say(`surveys (${asked.surveys} with ${asked.responses} answers)`);
	await grantLater(files, loaded, 'organization', organizations);
	const competitions = new Map<string, string>();
	for (const seed of files.competitions) {
		say(`competition ${seed.slug} (${seed.proposals.length} proposals, ${seed.scorecards.length} scorecards)`);
		competitions.set(seed.slug, await loadCompetition(seed, files, loaded));
	}
	await grantLater(files, loaded, 'competition', competitions);
	await markDemo();
};
