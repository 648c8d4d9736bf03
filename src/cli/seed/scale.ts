import { categories, stages } from '#lib/domain/organizations/schema.ts';
import { createRandom, type Random } from '#lib/domain/judging/random.ts';
import { importAccounts, type ImportedAccount } from '#lib/server/modules/accounts/index.ts';
import { competitionById, importCompetition } from '#lib/server/modules/competitions/index.ts';
import { importJudging, type JudgingSeed } from '#lib/server/modules/judging/index.ts';
import { importOrganizations, type OrganizationSeed } from '#lib/server/modules/organizations/index.ts';
import { importProposals, type ImportedProposal } from '#lib/server/modules/proposals/index.ts';
import { importStations, type ImportedStation } from '#lib/server/modules/stations/index.ts';
import { markDemo } from '#lib/server/platform/demo-mark.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { dayOf, momentOf } from './days.ts';
import { demoPassword } from './demo.ts';

const surnames = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜'];
const givenNames = ['秀兰', '桂芳', '建国', '志强', '玉梅', '淑珍', '国华', '爱民', '小红', '春燕', '文博', '思雨', '德胜', '宝珍', '晓舟', '海燕'];
const places = ['东', '西', '南', '北', '新', '和平', '文化', '友谊', '清河', '柳林', '桃园', '平安', '向阳', '临江', '石桥', '槐荫'];
const doings = ['守望', '合唱', '议事', '夜校', '修补', '助餐', '花友', '太极', '陪诊', '读书', '巡查', '编织', '棋友', '环保', '家长互助', '手语'];
const forms = ['队', '会', '社', '小组', '互助组', '坊'];
const roles = ['leader', 'deputy', 'treasurer', 'secretary', 'core'] as const;

const pick = <T>(random: Random, list: readonly T[]): T => {
	const item = list[random.below(list.length)];
	if (item === undefined) throw new Error('Nothing to pick from.');
	return item;
};
const between = (random: Random, low: number, high: number): number => low + random.below(high - low + 1);
const personName = (random: Random): string => pick(random, surnames) + pick(random, givenNames);

/** A station with its path from the city down to itself. */
type Place = { id: string; slug: string; path: string[] };

const idOf = (name: string): string => sha256(`scale:${name}`).slice(0, 24);
const competitionKey = 'competition';

/** A group whose application nobody has answered yet. */
const waitingSeed = (index: number, station: string): OrganizationSeed => {
	const seed = organizationSeed(index, station);
	const { name, phone, memberCount } = seed.applied;
	return {
		...seed,
		status: 'applied',
		stage: 'needs_survey',
		origin: 'applied',
		foundedDay: null,
		applied: { day: -1 - (index % 9), name, phone, memberCount },
		filing: 'none',
		mentor: null,
		members: [],
		activities: [],
		meetings: [],
		gateHistory: [],
		assessments: []
	};
};

/** One organization with a history that fits its stage. */
const organizationSeed = (index: number, station: string): OrganizationSeed => {
	const random = createRandom(`organization-${index}`);
	const proposed = index % 17 === 16;
	const stageIndex = index % 5;
	const graduated = index % 11 === 10;
	const age = 120 + stageIndex * 90 + random.below(60);
	const stage = graduated ? 'project_support' : (stages[stageIndex] ?? 'needs_survey');
	const memberCount = between(random, 8, 16);
	const applicant = personName(random);
	const reached = graduated ? 5 : stageIndex;
	return {
		key: `o${index}`,
		code: `SC-${String(index + 1).padStart(5, '0')}`,
		name: `${pick(random, places)}${pick(random, doings)}${pick(random, forms)}${index + 1}`,
		category: pick(random, categories),
		status: graduated ? 'graduated' : 'incubating',
		stage,
		station,
		communities: [],
		purpose: '邻居们自己商量、自己动手，把身边的一件小事长久地做下去。',
		origin: index % 3 === 0 ? 'scouted' : 'applied',
		foundedDay: -age - 20,
		applied: { day: -age, name: applicant, phone: `138${String(index).padStart(8, '0')}`, memberCount },
		filing: reached > 2 ? 'filed' : 'none',
		filingNumber: '',
		host: '',
		mentor: index % 19 === 18 ? null : `worker-${station}`,
		secondMentor: null,
		members: Array.from({ length: memberCount }, (_, member) => ({
			name: member === 0 ? applicant : personName(random),
			phone: '',
			role: reached > 1 ? (roles[member] ?? 'member') : 'member',
			prospective: member < 4,
			joinedDay: -age + random.below(40),
			leftDay: null,
			note: ''
		})),
		activities: Array.from({ length: 2 + reached * 2 }, (_, activity) => ({
			kind: activity % 5 === 4 ? ('training' as const) : ('activity' as const),
			title: `第 ${activity + 1} 次活动`,
			day: -age + 30 + Math.floor((activity * (age - 40)) / (3 + reached * 2)),
			place: '社区活动室',
			organizer: activity % 3 === 0 ? ('worker' as const) : ('group' as const),
			attendees: Array.from({ length: between(random, 4, memberCount) }, (_unused, attendee) => attendee),
			guests: random.below(20),
			hours: 2,
			reflection: '',
			feedbackCount: 10,
			satisfiedCount: between(random, 7, 10)
		})),
		meetings:
			reached > 1
				? [
						{
							title: '成立大会',
							day: -age + 60,
							place: '社区活动室',
							eligible: memberCount,
							present: memberCount - 1,
							minutes: '',
							motions: [
								{ kind: 'elect_leader' as const, title: '选负责人', candidate: 0, rule: '' as const, for: memberCount - 2, against: 0, abstain: 1 },
								{ kind: 'elect_deputy' as const, title: '选副负责人', candidate: 1, rule: '' as const, for: memberCount - 2, against: 1, abstain: 0 }
							]
						}
					]
				: [],
		gateHistory: [
			...stages.slice(0, reached).flatMap((passed, step) => [
				{ stage: passed, action: 'propose' as const, by: `worker-${station}`, day: -age + 70 + step * 60, reason: '' },
				{ stage: passed, action: 'approve' as const, by: `head-${station}`, day: -age + 75 + step * 60, reason: '' }
			]),
			...(proposed && !graduated ? [{ stage, action: 'propose' as const, by: `worker-${station}`, day: -1 - (index % 9), reason: '' }] : [])
		],
		attestations: [],
		assessments:
			reached > 1
				? [
						{
							by: 'station' as const,
							author: `worker-${station}`,
							day: -between(random, 10, 250),
							levels: Object.fromEntries(
								['governance', 'leadership', 'membership', 'service', 'finance', 'resources', 'learning'].map((name) => [name, between(random, 1, 5)])
							) as OrganizationSeed['assessments'][number]['levels'],
							notes: {}
						}
					]
				: []
	};
};

const loadStations = async (scale: number): Promise<Place[]> => {
	const shared = { operator: '', mode: 'commissioned' as const, address: '', phone: '', intro: '', communities: [] };
	const city = idOf('city');
	const stations: ImportedStation[] = [{ ...shared, id: city, above: [], name: '规模市总站', slug: 'scale-city', level: 'city' }];
	const streets: Place[] = [];
	for (let index = 0; index < scale; index += 1) {
		const number = Math.floor(index / 20) + 1;
		const district = idOf(`district-${number}`);
		if (index % 20 === 0)
			stations.push({ ...shared, id: district, above: [city], name: `第 ${number} 区总站`, slug: `district-${number}`, level: 'district' });
		const street = { id: idOf(`street-${index + 1}`), slug: `street-${index + 1}` };
		stations.push({ ...shared, ...street, above: [city, district], name: `第 ${index + 1} 街道社工站`, level: 'street' });
		streets.push({ ...street, path: [city, district, street.id] });
	}
	await importStations(stations);
	return streets;
};

const loadPeople = async (streets: readonly Place[], judges: number) => {
	const [first] = streets;
	if (!first) throw new Error('There is no station.');
	const city = first.path[0] ?? first.id;
	const judging = { role: 'judge' as const, scopeKind: 'competition' as const, scopeId: idOf(competitionKey) };
	const accounts: ImportedAccount[] = [
		{ shortName: 'admin', name: '管理员', grants: [{ role: 'admin', scopeKind: 'platform', scopeId: null }] },
		{ shortName: 'city', name: '市总站', grants: [{ role: 'head', scopeKind: 'station', scopeId: city }] },
		{ shortName: 'head', name: '站长', grants: [{ role: 'head', scopeKind: 'station', scopeId: first.id }] },
		{ shortName: 'worker', name: '社工', grants: [{ role: 'worker', scopeKind: 'station', scopeId: first.id }] },
		...Array.from({ length: judges }, (_, index) => ({ shortName: `judge${index + 1}`, name: `评委 ${index + 1}`, employer: `单位 ${index + 1}`, grants: [judging] })),
		...streets.map((street, index) => ({ shortName: `worker-${index}`, name: `社工 ${index + 1}`, grants: [{ role: 'worker' as const, scopeKind: 'station' as const, scopeId: street.id }] }))
	];
	const ids = await importAccounts(accounts, demoPassword);
	return new Map(accounts.map(({ shortName, name }, index) => [shortName, { id: ids[index] ?? '', name }]));
};

/** Scores with a judge's habit and some luck, in whole points. */
const scorecards = (proposals: number, judges: number, criteria: readonly { key: string; points: number }[]): JudgingSeed['scorecards'] =>
	Array.from({ length: proposals }, (_, proposal) => proposal).flatMap((proposal) => {
		const random = createRandom(`scores-${proposal}`);
		const worth = 0.6 + random.below(30) / 100;
		return [0, 1, 2].map((turn) => {
			const judge = (proposal * 3 + turn) % judges;
			const habit = ((judge * 7919) % 11) / 100 - 0.05;
			const share = () => Math.min(0.9, Math.max(0.6, worth + habit + (random.below(11) - 5) / 100));
			return {
				proposal: `p${proposal}`,
				judge: `judge${judge + 1}`,
				status: 'submitted' as const,
				scores: Object.fromEntries(criteria.map(({ key, points }) => [key, Math.round(points * share())])),
				comments: {},
				overall: '按评分标准逐项看过。',
				reason: '',
				day: -5
			};
		});
	});

/** Stations loaded in one go, with ten organizations each. */
const stationsAtOnce = 50;

/** Loads a synthetic district of the given size, the same each time (but for ids of accounts). */
export const loadScale = async (scale: number, now: Date, say: (text: string) => void): Promise<void> => {
	const today = dayOf(now);
	const judges = Math.max(5, Math.floor(scale / 2));
	say(`${scale} stations`);
	const streets = await loadStations(scale);
	const users = await loadPeople(streets, judges);
	const street = (index: number): Place => streets[index % streets.length] ?? pick(createRandom('none'), streets);

	const total = scale * 10;
	const organizations = new Map<string, string>();
	// Station by station, because each import counts the stations it touched.
	for (let first = 0; first < scale; first += stationsAtOnce) {
		const seeds = Array.from({ length: Math.min(stationsAtOnce, scale - first) }, (_, offset) => first + offset).flatMap((place) =>
			Array.from({ length: 10 }, (_, turn) => {
				const index = place + turn * scale;
				return index >= total / 2 && index % 23 === 22 ? waitingSeed(index, String(place)) : organizationSeed(index, String(place));
			})
		);
		const ids = await importOrganizations(seeds, {
			today,
			station: (key) => street(Number(key)),
			user: (key) => users.get(key) ?? null,
			userByPhone: () => null
		});
		for (const [key, id] of ids) organizations.set(key, id);
		if (organizations.size % 1000 === 0 || organizations.size === total) say(`${organizations.size} of ${total} organizations`);
	}

	const host = street(0);
	const { id } = await importCompetition({
		id: idOf(competitionKey),
		title: '规模测试创投',
		slug: 'scale',
		theme: '为测量而设的大型创投：申报多、评委多，页面仍要一样快。',
		fund: scale * 1_000_000,
		timeline: {
			announcesAt: null,
			opensAt: momentOf(today, { day: -40 }).toISOString(),
			closesAt: momentOf(today, { day: -15 }).toISOString(),
			graceSeconds: 300,
			scoringUntil: momentOf(today, { day: 5 }).toISOString()
		},
		station: host.id,
		stationPath: host.path,
		state: 'judging',
		lastNumber: scale * 5,
		drawSeed: 'scale-lots',
		createdAt: momentOf(today, { day: -50 }),
		createdBy: users.get('head')?.id ?? null
	});
	const competition = await competitionById(id);
	const track = competition.tracks.at(-1);
	const round = competition.rounds[0];
	if (!track || !round) throw new Error('The default competition has no track or round.');
	const proposals = Array.from({ length: scale * 5 }, (_, index): ImportedProposal => {
		const random = createRandom(`proposal-${index}`);
		const quantity = between(random, 20, 60);
		const at = street(index);
		return {
			organization: organizations.get(`o${index}`) ?? '',
			organizationName: organizationSeed(index, '0').name,
			station: at.id,
			stationPath: at.path,
			status: 'passed',
			seq: index + 1,
			title: `${pick(random, places)}${pick(random, doings)}计划 ${index + 1}`,
			track: track.key,
			answers: Object.fromEntries(track.questions.map(({ key, label }) => [key, `${label}：这一段由测量数据生成，长短与真实申报相近。`.repeat(4)])),
			budget: [
				{ category: 'activity', item: '活动物料', unit: '份', quantity, unitPrice: 12_000 },
				{ category: 'activity', item: '场地布置', unit: '次', quantity: 4, unitPrice: 20_000 }
			],
			requested: quantity * 12_000 + 80_000,
			selfRaised: 0,
			withinCharter: true,
			submittedAt: momentOf(today, { day: -20 }),
			createdAt: momentOf(today, { day: -25 }),
			createdBy: users.get('worker')?.id ?? '',
			createdByName: '社工',
			proxy: true
		};
	});
	const ids = await importProposals(id, proposals);
	say(`${ids.length} proposals`);
	await importJudging(
		id,
		{
			judges: Array.from({ length: judges }, (_, index) => ({
				account: `judge${index + 1}`,
				name: `评委 ${index + 1}`,
				phone: '',
				email: '',
				employer: `单位 ${index + 1}`,
				expertise: [],
				cap: null
			})),
			scorecards: scorecards(ids.length, judges, round.rubric),
			awards: []
		},
		{
			user: (key) => users.get(key) ?? null,
			proposal: (key) => ids[Number(key.slice(1))] ?? '',
			at: (day, order = 0) => new Date(momentOf(today, { day }).getTime() + (order % 1000) * 1000)
		}
	);
	say(`${ids.length * 3} scorecards of ${judges} judges`);
	await markDemo();
};
