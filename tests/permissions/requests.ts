import gates from '../../seeds/defaults/gates.json' with { type: 'json' };
import model from '../../seeds/defaults/maturity-model.json' with { type: 'json' };
import type { Subjects } from './subjects.ts';

/** A stale version: whoever may do it gets 409, and nothing is changed for the next in the row. */
const version = 999_999;
const nobody = '0123456789abcdef01234567';

type Make = (subjects: Subjects, turn: number) => Record<string, unknown> | FormData;

const levels = { governance: 1, leadership: 1, membership: 1, service: 1, finance: 1, resources: 1, learning: 1 };
const activity = { title: '楼道大扫除', heldOn: '2026-01-10', organizer: 'group' };
const training = { title: '怎么开会', heldOn: '2026-01-10' };
const session = (workerId: string) => ({
	source: 'external', supervisorName: '外请督导', form: 'individual', heldOn: '2026-01-10', workers: [workerId], topic: '带新人',
	followUps: [{ key: 'f1', text: '陪走一次', owner: workerId, dueOn: '2026-02-01' }]
});
const service = { kind: 'phone_visit', heldOn: '2026-01-10', people: 2 };
const entry = { kind: 'idea', title: '楼道照明' };
const interview = { who: '租户', heldOn: '2026-01-10', notes: '下班以后没人说话。', needs: ['没人说话'] };
const meeting = { title: '碰头会', heldOn: '2026-01-10', eligible: 9, present: 8 };

/**
 * A well-formed body for every call that takes one, by the call and its variant: what decides the answer is who asks,
 * not what was sent.
 */
export const bodies: Record<string, Make> = {
	'POST /organizations/{id}/charters/{kind}/draft': () => ({}),
	'PUT /organizations/{id}/charters/{kind}/draft': () => ({ text: { title: '请假', chapters: [{ key: 'c1', articles: [{ key: 'a1', text: '说一声。' }] }] }, version }),
	'POST /organizations/{id}/charters/{kind}/versions': () => ({ version }),
	'POST /organizations/{id}/charters/{kind}/versions/{number}/adoption': () => ({ meeting: nobody, inForceOn: '2026-01-10', version }),
	'POST /organizations/{id}/entries': () => entry,
	'PUT /organizations/{id}/entries/{entry}': () => ({ ...entry, version }),
	'POST /stations/{id}/trainings': () => training,
	'PUT /trainings/{id}': () => ({ ...training, version }),
	'POST /stations/{id}/supervisions': ({ workerId }) => session(workerId),
	'PUT /supervisions/{id}': ({ workerId }) => ({ ...session(workerId), version }),
	'POST /supervisions/{id}/follow-ups/{key}': () => ({ done: true }),
	'POST /stations/{id}/services': () => service,
	'PUT /services/{id}': () => ({ ...service, version }),
	'POST /sessions': (_, turn) => ({ login: `nobody-${turn}`, password: 'wrong-password' }),
	'POST /stations': ({ cityStation }, turn) => ({ name: `新街道社工站${turn}`, slug: `new-street-${turn}`, level: 'street', parent: cityStation }),
	'POST /organizations': ({ street }, turn) => ({
		name: `晨光合唱队${turn}`,
		category: 'arts',
		station: street,
		purpose: '每周两次，一起唱歌。',
		memberCount: 12,
		applicantName: '邹小满',
		applicantPhone: `1390000${String(1000 + turn)}`,
		consent: true
	}),
	'PATCH /organizations/{id}': () => ({ purpose: '帮邻居的忙。', version }),
	'POST /organizations/{id}/application': () => ({ action: 'accept', version }),
	'POST /organizations/{id}/mentors': ({ workerId }) => ({ mentor: workerId, version }),
	'POST /organizations/{id}/status': () => ({ to: 'dormant', reason: '大家都忙。', version }),
	'POST /organizations/{id}/gate/decisions propose': () => ({ action: 'propose', reason: '差不多了。', version }),
	'POST /organizations/{id}/gate/decisions waive': () => ({ action: 'waive', criterion: 'supervision', reason: '下月补。', version }),
	'POST /organizations/{id}/attestations': () => ({ criterion: 'summary', evidence: [{ kind: 'meeting', id: nobody }], version }),
	'POST /organizations/{id}/assessments self': () => ({ by: 'self', levels }),
	'POST /organizations/{id}/assessments station': () => ({ by: 'station', levels }),
	'POST /organizations/{id}/members': (_, turn) => ({ name: `新队员${turn}`, joinedOn: '2026-01-10' }),
	'PUT /organizations/{id}/members/{member}': () => ({ name: '改个名', joinedOn: '2026-01-10', version }),
	'POST /organizations/{id}/activities': () => activity,
	'PUT /organizations/{id}/activities/{activity}': () => ({ ...activity, version }),
	'POST /organizations/{id}/meetings': () => meeting,
	'PUT /organizations/{id}/meetings/{meeting}': () => ({ ...meeting, version }),
	'POST /organizations/{id}/surveys': () => ({ template: 'needs' }),
	'POST /stations/{id}/surveys': () => ({ template: 'needs' }),
	'PATCH /surveys/{id}': () => ({ title: '换个标题', version }),
	'POST /surveys/{id}/responses': () => ({ answers: { belonging: 4 } }),
	'PATCH /surveys/{id}/responses/{response}': () => ({ leftOut: true, reason: '填了两次' }),
	'POST /organizations/{id}/interviews': () => interview,
	'PUT /organizations/{id}/interviews/{interview}': () => ({ ...interview, version }),
	'POST /organizations/{id}/needs/names': () => ({ needs: ['停车'], to: '车没地方停' }),
	'POST /stations/{id}/gate-criteria': () => ({ base: version, note: '试试。', definitions: gates }),
	'POST /stations/{id}/maturity-model': () => ({ base: version, note: '试试。', model }),
	'POST /organizations/{id}/criteria': () => ({ to: 1, reason: '换新的。', version }),
	'POST /stations/{id}/gate-criteria/moves': ({ mine }) => ({ to: version, reason: '换新的。', organizations: [{ id: mine, version }] }),
	'POST /stations/{id}/handovers': ({ mine, workerId }) => ({ from: workerId, to: nobody, organizations: [mine], reason: '休假。' }),
	'POST /competitions': ({ street }, turn) => ({ title: `第${turn}期`, slug: `call-${turn}`, station: street }),
	'PATCH /competitions/{id}': () => ({ theme: '换个主题。', version }),
	'POST /competitions/{id}/amendments': () => ({ text: '补充一句。', version }),
	'POST /competitions/{id}/transitions': () => ({ to: 'cancelled', reason: '试试能不能取消。', version }),
	'POST /competitions/{id}/proposals mine': ({ mine }) => ({ organization: mine, title: '楼道里的灯' }),
	'POST /competitions/{id}/proposals theirs': ({ theirs }) => ({ organization: theirs, title: '楼道里的灯' }),
	'PATCH /proposals/{id}': () => ({ withinCharter: true, version: 0 }),
	'POST /proposals/{id}/submit': () => ({ version }),
	'POST /proposals/{id}/withdraw': () => ({ version, reason: '不报了。' }),
	'POST /proposals/{id}/reopen': () => ({}),
	'POST /proposals/{id}/screening': () => ({ outcome: 'return', reason: '预算再写细一点。', version }),
	'POST /proposals/{id}/screening/opinions': () => ({}),
	'POST /proposals/{id}/fill': () => ({}),
	'POST /proposals/{id}/recusal-requests': (_, turn) => ({ person: `申评委${turn}`, reason: '去年吵过架。' }),
	'POST /competitions/{id}/screening/release': () => ({}),
	'POST /proposals/{id}/attachments': () => {
		const form = new FormData();
		form.set('file', new File(['%PDF-1.4\n%%EOF\n'], '说明.pdf', { type: 'application/pdf' }));
		return form;
	},
	'POST /competitions/{id}/judges': (_, turn) => ({ name: `评委${turn}` }),
	'POST /competitions/{id}/assignment/pairs': ({ judged, judge }) => ({ proposal: judged, judge }),
	'POST /competitions/{id}/assignment': () => ({ seed: 'matrix', reviews: 3 }),
	'POST /competitions/{id}/more-reviews': () => ({ more: 1, seed: 'matrix', reason: '' }),
	'PUT /scorecards/{id}': () => ({ scores: {}, status: 'draft', version }),
	'POST /scorecards/{id}/recusal': () => ({ reason: '是老同事。' }),
	'PUT /competitions/{id}/trial': () => ({ title: '试评一件', text: '楼道里放一张长椅。', required: false }),
	'POST /competitions/{id}/reminders': () => ({ judge: 'all' }),
	'POST /competitions/{id}/recusal-requests/{request}/answer': () => ({ outcome: 'declined', answer: '情况不属实。' }),
	'POST /competitions/{id}/advancements': () => ({ by: 'top', round: 'no_such_round', n: 3, reason: '按名次。' }),
	'POST /competitions/{id}/bonus': () => ({ proposal: nobody, keys: [], reason: '公告第三条。' }),
	'POST /competitions/{id}/pitch/draws': () => ({}),
	'POST /competitions/{id}/pitch/acts': () => ({ act: 'start', version }),
	'POST /competitions/{id}/pitch/screen': () => ({}),
	'POST /competitions/{id}/jury-codes': () => ({ count: 1 }),
	'POST /competitions/{id}/jury-codes/revocations': () => ({ from: 1, to: 2, reason: '没发出去。' }),
	'POST /jury/{code}': () => ({ scores: {} }),
	'PUT /scorecards/{id}/paper': () => ({ scores: {}, status: 'draft', version }),
	'POST /scorecards/{id}/paper/check': () => ({}),
	'POST /competitions/{id}/decision': () => ({ awards: [] }),
	'POST /competitions/{id}/notice': () => ({}),
	'POST /notices/{id}/objections': () => ({ name: '王五', contact: '0000-6000100', text: '算错了。' }),
	'POST /objections/{id}/committee': () => ({ members: ['1', '2', '3'].map((digit) => digit.repeat(24)), version }),
	'POST /objections/{id}/statements': () => ({ side: 'judges', text: '评分表无误。' }),
	'POST /objections/{id}/votes': () => ({ uphold: 'no', reason: '没有依据。' }),
	'POST /objections/{id}/answer': () => ({ summary: '对分数有意见', answer: '维持。' }),
	'POST /objections/{id}/correction': () => ({ text: '更正金额。' }),
	'POST /competitions/{id}/notes': ({ judged }) => ({ proposal: judged, text: '人手够吗？' })
};
