export const load = () => ({ home: { openCompetitions: [
 { slug: 'spring', title: '春季社区公益创投', station: '清河街道社工站', closesAt: new Date(Date.now() + 3.5 * 86400e3).toISOString(), fundFen: 10000000 },
 { slug: 'city', title: '全市邻里互助微创投', station: '市总站', closesAt: new Date(Date.now() + 20.5 * 86400e3).toISOString(), fundFen: 50000000 }
], figures: { organizations: 238, stations: 24, awardedFen: 123450000 } } });
