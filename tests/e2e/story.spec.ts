import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { smallPng } from '../factories/small-files.ts';
import { expectNoSidewaysScroll, faults, press, unfold } from '../pages/acting.ts';
import { fillApplication, sendApplication, type Application } from '../pages/apply.ts';
import { minuteField, openTab as openCompetitionTab, setPart } from '../pages/competition.ts';
import {
	addMember,
	attest,
	criterion as gateCriterion,
	openTab,
	recordActivity,
	recordMeeting,
	waive
} from '../pages/organization.ts';
import { acceptInvitation, addJudge, award, decide } from '../pages/panel.ts';
import {
	fillBasics,
	fillLine,
	fillPlan,
	part,
	proposalId,
	saveAndGoOn,
	startProposal,
	submitProposal,
	writeProposal
} from '../pages/proposal.ts';
import { criterion, extreme, fillScorecard, mark, openScorecard, rubric, scoreProposal, submitScorecard } from '../pages/scorecard.ts';
import { screen } from '../pages/screening.ts';
import { test } from './app.ts';
import { moveServerClock } from './clock.ts';
import { openBrowser, person } from './people.ts';

test.use({ subject: 'story' });


const hour = 3600_000;
const day = 24 * hour;
const start = Date.now();
const phone = { width: 360 };
const plainPhone = { width: 360, javaScript: false };

const group: Application = {
	name: '北窗提灯小队',
	category: '志愿服务',
	station: '高桥街道社会工作服务站',
	purpose: '老楼道的灯常坏，晚归的人摸黑上楼。想组几个人轮流报修、夜里送一程。',
	people: '6',
	leader: '柏慧兰',
	phone: '13911110001',
	password: 'window-lamp-7',
	consent: true
};
const call = { title: '夜归有灯·微创投', slug: 'night-lamp', fund: 6000 };
const proposals = {
	lamp: '晚归的人有灯照',
	medicine: '楼道里的小药箱',
	garden: '一米阳台菜园',
	taiji: '清晨太极公开课',
	late: '楼道里的共享架'
};

/** Points by judge and proposal, in the order of the default rubric. */
const points: Record<string, Record<string, readonly number[]>> = {
	'岑北山': { lamp: [18, 16, 12, 12, 13, 8, 4], medicine: [15, 14, 11, 11, 12, 7, 3], garden: [13, 13, 10, 10, 10, 7, 3] },
	'卓越然': { lamp: [17, 17, 13, 11, 12, 8, 3], medicine: [16, 15, 12, 10, 11, 8, 4], garden: [12, 14, 9, 11, 10, 6, 3] },
	'闵如松': { lamp: [16, 16, 12, 12, 12, 7, 4], medicine: [17, 16, 12, 12, 12, 8, 4], garden: [14, 13, 11, 10, 11, 7, 4] },
	'钟蕙': { lamp: [20, 18, 13, 13, 13, 9, 4], medicine: [14, 14, 10, 10, 11, 7, 3], garden: [15, 14, 10, 11, 12, 8, 3] },
	'乔安然': { lamp: [15, 15, 11, 8, 11, 7, 3], medicine: [16, 16, 12, 11, 12, 7, 4], garden: [] }
};

/** The published rule by hand: without the highest and the lowest total from five scorecards, else the mean; half up. */
const expectedScore = (proposal: string): string => {
	const totals = Object.values(points)
		.flatMap((given) => (given[proposal]?.length ? [given[proposal].reduce((sum, one) => sum + one, 0)] : []))
		.sort((a, b) => a - b);
	const counted = totals.length >= 5 ? totals.slice(1, -1) : totals;
	const sum = counted.reduce((all, one) => all + one, 0);
	const hundredths = Math.floor((sum * 200 + counted.length) / (2 * counted.length));
	return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
};

test.describe.serial('from an application to the published result', () => {
	let worker: Page;
	let head: Page;
	let newLeader: Page;
	let leader: Page;
	let organization = '';
	let competition = '';
	const judges: Record<string, Page> = {};
	const ids: Record<string, string> = {};

	test.afterAll(async () => {
		moveServerClock(0);
		for (const page of [worker, head, newLeader, leader, ...Object.values(judges)]) await page?.context().close();
	});

	test('a resident applies on a phone without JavaScript, first with mistakes', async ({ browser }) => {
		const page = await (await openBrowser(browser, plainPhone)).newPage();
		await page.goto('/apply');
		await fillApplication(page, { ...group, phone: '1391111', consent: false });
		await sendApplication(page);
		await expect(faults(page)).toHaveText(['请填 11 位手机号。', '请勾选同意，我们才能保存您的信息。']);
		await faults(page).first().click();
		await expect(page.getByLabel('联系人手机号')).toBeFocused();
		await expect(page.getByLabel('小组叫什么')).toHaveValue(group.name);
		await expect(page.getByLabel('想做什么')).toHaveValue(group.purpose);
		await expect(page.getByLabel('现在有多少人')).toHaveValue(group.people);
		await expect(page.getByLabel('联系人手机号')).toHaveValue('1391111');
		await expectNoSidewaysScroll(page);
		await fillApplication(page, group);
		await sendApplication(page);
		await expect(page.getByRole('heading', { name: '申请收到了' })).toBeVisible();
		await expect(page.getByText(/^[A-Z]{2,4}-\d{4,8}$/)).toBeVisible();
		await page.context().close();
	});

	test('a worker takes the group in, keeps its records and proposes the gate; only the head approves', async ({ browser }) => {
		worker = await person(browser, 'worker', phone);
		await expect(worker.getByRole('heading', { name: '今天要做的事' })).toBeVisible();
		await worker.getByRole('link', { name: `受理申请：${group.name}` }).click();
		await expect(worker.getByText(group.purpose)).toBeVisible();
		organization = worker.url().split('/').at(-1) ?? '';
		await worker.getByLabel('第二位社工').selectOption({ label: '郑佳宁' });
		await press(worker, '受理');
		await expect(worker.getByText('孵化中')).toBeVisible();

		await openTab(worker, '名册');
		const members = ['申如意', '杭小满', '卞立夏', '柴知秋'];
		for (const [at, name] of members.entries()) await addMember(worker, { name, prospective: at < 2 });
		await expect(worker.getByRole('heading', { name: '5 人' })).toBeVisible();
		await openTab(worker, '活动');
		await recordActivity(worker, { title: '第一次夜里巡灯', came: ['申如意', '杭小满', group.leader], guests: '3' });
		await expect(worker.getByText(/6 人次/)).toBeVisible();
		await openTab(worker, '会议');
		await recordMeeting(worker, {
			title: '第一次成员大会',
			eligible: '5',
			present: '5',
			motion: { kind: '选负责人', title: '选柏慧兰当负责人', candidate: group.leader, for: '4', against: '0', abstain: '1' }
		});
		const vote = worker.getByRole('listitem').filter({ hasText: '选柏慧兰当负责人' });
		await expect(vote).toContainText('赞成 4 · 反对 0 · 弃权 1');
		await expect(vote.getByText('通过', { exact: true })).toBeVisible();

		await openTab(worker, '总览');
		await attest(worker, '写好了调研小结', /第一次成员大会/, '会上讨论了调研小结。');
		await expect(gateCriterion(worker, '主动挖掘到可能的骨干').getByText('已达到', { exact: true })).toBeVisible();
		await expect(worker.getByText('豁免', { exact: true })).toHaveCount(0);
		const proposing = await unfold(worker, '提请过关');
		await proposing.getByLabel('提请说明').fill('入户聊了 7 家，记在纸上，请站长豁免。');
		await press(proposing, '提请过关');
		await expect(worker.getByRole('heading', { name: '田晓舟 提请过关' })).toBeVisible();
		await expect(worker.getByRole('button', { name: '批准过关' })).toHaveCount(0);

		head = await person(browser, 'head');
		await head.getByRole('link', { name: `田晓舟 提请过关：${group.name}` }).click();
		await waive(head, '问过居民', '访谈记录已看过，7 户。');
		await waive(head, '需求排出了先后', '小结里排过。');
		await press(head, '批准过关');
		await expect(head.getByRole('heading', { name: '过关条件 · 培育领袖' })).toBeVisible();
	});

	test('the head sets up a call from the defaults; the public sees it and it opens by the clock', async ({ browser }) => {
		await head.goto('/app/competitions/new');
		await head.getByLabel('名称', { exact: true }).fill(call.title);
		await head.getByLabel('网址名称').fill(call.slug);
		await press(head, '开始设置');
		await expect(head.getByText('发布前还差：')).toBeVisible();
		competition = /competitions\/([0-9a-f]{24})/.exec(head.url())?.[1] ?? '';
		await setPart(head, '基本信息', async () => {
			await head.getByLabel('主题和说明').fill('让晚归的人有灯、有人等。小组自己想办法，我们出一笔小钱。');
			await head.getByLabel('资金总额').fill(String(call.fund));
		});
		await setPart(head, '时间', async () => {
			await head.getByLabel('开放申报').fill(minuteField(start + 2 * hour));
			await head.getByLabel('申报截止').fill(minuteField(start + 5 * day));
			await head.getByLabel('打分截止').fill(minuteField(start + 15 * day));
		});
		await setPart(head, '申报资格', async () => {
			await head.getByLabel('最低孵化阶段').selectOption({ label: '不限阶段' });
			await head.getByLabel('备案要求').selectOption({ label: '不要求' });
			await head.getByLabel('已获资助的小组').selectOption({ label: '没有这条规则' });
		});
		await setPart(head, '评审与评分表', () => head.getByLabel('每份由几位评委打分').first().fill('5'));
		await head.getByRole('link', { name: '去发布' }).click();
		await press(head, '发布公告');
		await expect(head.getByText('已公告，到点自动开放申报：')).toBeVisible();

		const stranger = await (await openBrowser(browser, plainPhone)).newPage();
		await stranger.goto('/competitions');
		await stranger.getByRole('link', { name: call.title }).click();
		await expect(stranger.getByText('6,000')).not.toHaveCount(0);
		await expect(stranger.getByRole('link', { name: '我要申报' })).toHaveCount(0);
		moveServerClock(3 * hour);
		await stranger.reload();
		await expect(stranger.getByRole('link', { name: '我要申报' }).first()).toBeVisible();
		await stranger.context().close();
	});

	test('groups write and submit; drafts save themselves, and the budget and the files are checked', async ({ browser }) => {
		newLeader = await person(browser, group.phone, phone, group.password);
		await startProposal(newLeader, competition);
		ids.lamp = proposalId(newLeader);
		await newLeader.getByRole('link', { name: '继续填写：项目信息' }).click();
		await expect(newLeader.getByText('填写内容会自动保存')).toBeVisible();
		await fillBasics(newLeader, proposals.lamp);
		await expect(newLeader.getByText(/^已保存 · /)).toBeVisible();
		await newLeader.reload();
		await expect(newLeader.getByLabel('项目名称')).toHaveValue(proposals.lamp);
		await expect(newLeader.getByRole('group', { name: '赛道' }).getByLabel('简表')).toBeChecked();
		await saveAndGoOn(newLeader);
		await expect(part(newLeader, '计划')).toBeVisible();
		await fillPlan(newLeader, '晚上九点后有人在路口等');
		await saveAndGoOn(newLeader);
		await expect(part(newLeader, '预算')).toBeVisible();
		await press(newLeader, '加一行');
		await fillLine(newLeader, 1, { item: '手提灯', category: '活动费用', quantity: '30', price: '50' });
		await press(newLeader, '加一行');
		await fillLine(newLeader, 2, { item: '巡灯补贴和红包', category: '人员补贴 ≤20%', quantity: '10', price: '50' });
		await newLeader.getByLabel('申请金额').fill('2000');
		const overCap = '“人员补贴”合计 500 元，上限 400 元（20%），超了 100 元。';
		const prohibited = '里面有“红包”，这次的资金不能买。';
		await expect(newLeader.getByRole('group', { name: '预算第 2 行' }).getByText(prohibited)).toBeVisible();
		await expect(newLeader.getByText(overCap)).toBeVisible();
		await saveAndGoOn(newLeader);
		await expect(part(newLeader, '附件')).toBeVisible();
		const choose = newLeader.getByLabel('添加一个文件');
		await choose.setInputFiles({ name: '现场照片.png', mimeType: 'image/png', buffer: smallPng() });
		await press(newLeader, '上传');
		await expect(newLeader.getByRole('link', { name: /现场照片/ })).toBeVisible();
		await choose.setInputFiles({ name: '假照片.png', mimeType: 'image/png', buffer: Buffer.from('这不是照片') });
		await press(newLeader, '上传');
		await expect(faults(newLeader)).toHaveText(['“假照片.png”的内容和后缀名不符，请检查文件。']);
		await newLeader.getByRole('link', { name: '检查申报书' }).click();
		await expect(newLeader.getByText('还有 2 处要填或要改')).toBeVisible();
		await expect(newLeader.getByRole('button', { name: '确认提交' })).toHaveCount(0);
		await expect(newLeader.getByRole('listitem').filter({ hasText: '预算第 2 行' })).toContainText(prohibited);
		await expect(newLeader.getByRole('listitem').filter({ hasText: '“人员补贴”' })).toContainText(overCap);
		await newLeader.getByRole('link', { name: '预算第 2 行' }).click();
		await expect(part(newLeader, '预算')).toBeVisible();
		await fillLine(newLeader, 2, { item: '巡灯补贴', category: '人员补贴 ≤20%', quantity: '6', price: '50' });
		await newLeader.getByLabel('申请金额').fill('1800');
		await saveAndGoOn(newLeader);
		await newLeader.getByRole('link', { name: '检查申报书' }).click();
		await expect(newLeader.getByText('可以提交了')).toBeVisible();
		const first = await submitProposal(newLeader);

		leader = await person(browser, 'leader', plainPhone);
		const leaderWrites = async (): Promise<string> => {
			const boxes = { item: '药箱和温度计', category: '活动费用', quantity: '20', price: '140' };
			await writeProposal(leader, competition, undefined, proposals.medicine, boxes);
			ids.medicine = proposalId(leader);
			return submitProposal(leader);
		};
		const workerWrites = async (): Promise<void> => {
			const groups = [
				['garden', '老把式菜园', '250'],
				['taiji', '丰京苑夕照太极队', '180'],
				['late', '楼道管家', '180']
			] as const;
			for (const [key, name, price] of groups) {
				const line = { item: '材料费', category: '活动费用', quantity: '10', price };
				await writeProposal(worker, competition, name, proposals[key], line);
				ids[key] = proposalId(worker);
				if (key !== 'late') await submitProposal(worker);
			}
		};
		const [second] = await Promise.all([leaderWrites(), workerWrites()]);
		expect(second).not.toBe(first);
		await expect(worker.getByRole('button', { name: '确认提交' })).toBeVisible();
		moveServerClock(5 * day + hour);
		await press(worker, '确认提交');
		await expect(worker.getByRole('alert')).toContainText(/申报已于 .+ 截止。服务器现在是 .+。写的内容都还在。/);
		await expect(worker.getByText('申报已经截止，这份没有提交')).toBeVisible();
		await expect(worker.getByRole('button', { name: '确认提交' })).toHaveCount(0);
	});

	test('screening returns one, rejects one and passes the others', async () => {
		await screen(head, competition, proposals.lamp, { outcome: '通过' });
		await screen(head, competition, proposals.garden, { outcome: '通过' });
		await screen(head, competition, proposals.taiji, { outcome: '不通过', reason: '和站里正在办的公开课重复。' });
		await screen(head, competition, proposals.medicine, { outcome: '退回修改', reason: '请写明药品由谁保管。' });
		await head.goto(`/app/competitions/${competition}`);
		await expect(head.getByText('还有 1 份退回修改的没有处理完。')).toBeVisible();

		await leader.goto(`/app/proposals/${ids.medicine}`);
		await expect(leader.getByText('请写明药品由谁保管。')).toBeVisible();
		await leader.goto(`/app/proposals/${ids.medicine}/plan`);
		await leader.getByLabel('打算怎么做？').fill('药箱放在值班室，钥匙由何玉莲和副手各拿一把，每月清点一次。');
		await press(leader, '保存');
		await expect(leader.getByText('已保存')).toBeVisible();
		await leader.goto(`/app/proposals/${ids.medicine}/check`);
		await submitProposal(leader);
		await expect(leader.getByText('第 2 次提交')).toBeVisible();

		await head.goto(`/app/competitions/${competition}/screening/${ids.medicine}`);
		await expect(head.getByRole('heading', { name: '第 2 次提交改了什么' })).toBeVisible();
		await screen(head, competition, proposals.medicine, { outcome: '通过' });

		// What screening found is told when judging begins, to all at once.
		await newLeader.goto(`/app/proposals/${ids.lamp}`);
		await expect(newLeader.getByText('已提交', { exact: true })).toBeVisible();
		await expect(newLeader.getByText('通过初审')).toHaveCount(0);
	});

	test('judges are invited and accept on phones; the scorecards are dealt', async ({ browser }) => {
		await head.goto(`/app/competitions/${competition}/judges`);
		for (const [at, name] of ['岑北山', '卓越然', '闵如松'].entries()) {
			const path = await addJudge(head, { name, expertise: '社区治理' });
			const page = await (await openBrowser(browser, at === 1 ? phone : plainPhone)).newPage();
			await acceptInvitation(page, path ?? '', `judge.story${at + 1}`, 'maple-bridge-4');
			judges[name] = page;
		}
		await addJudge(head, { name: '钟蕙', login: 'judge3' });
		await addJudge(head, { name: '乔安然', login: 'judge5' });
		judges['钟蕙'] = await person(browser, 'judge3', phone);
		judges['乔安然'] = await person(browser, 'judge5', plainPhone);

		await openCompetitionTab(head, call.title, '分配');
		await head.getByLabel('抽签种子').fill('story-1');
		await press(head, '开始分配');
		await expect(head.getByText('新分配 15 份，收回 0 份')).toBeVisible();
		await expect(head.getByText('种子 story-1')).toBeVisible();
		await head.goto(`/app/competitions/${competition}`);
		await press(head, '开始评审');
		await expect(head.getByText('评审中').first()).toBeVisible();
		await newLeader.reload();
		await expect(newLeader.getByText('通过初审', { exact: true })).toBeVisible();
	});

	test('judges score on phones; a conflict is declared, and nobody sees another card', async () => {
		const careful = judges['钟蕙'] as Page;
		await openScorecard(careful, proposals.lamp);
		await careful.getByRole('button', { name: '需求真实打分：加' }).click();
		await expect(mark(careful, '需求真实')).toHaveValue('14');
		await criterion(careful, '需求真实').getByRole('button', { name: '高 19' }).click();
		await expect(mark(careful, '需求真实')).toHaveValue('19');
		await careful.getByRole('button', { name: '需求真实打分：加' }).click();
		await expect(mark(careful, '需求真实')).toHaveValue('20');
		await expect(careful.getByText(/^已保存 · /)).toBeVisible();
		for (const { label } of rubric.slice(1)) await criterion(careful, label).getByRole('button', { name: /^中/ }).click();
		await press(careful, '提交评分');
		await expect(faults(careful)).toHaveText(['“需求真实”高于九成，请写一句评语。']);
		await fillScorecard(careful, points['钟蕙']?.lamp ?? []);
		await submitScorecard(careful);
		await openScorecard(careful, proposals.lamp);
		await expect(mark(careful, '需求真实')).toHaveCount(0);
		await expect(careful.getByText('已提交').first()).toBeVisible();

		const other = judges['岑北山'] as Page;
		const response = await other.goto(careful.url());
		expect(response?.status()).toBe(404);

		const recusing = judges['乔安然'] as Page;
		await openScorecard(recusing, proposals.garden);
		const fold = await unfold(recusing, '我要回避');
		await fold.getByLabel('回避原因').fill('菜园的负责人是我的亲戚。');
		await press(fold, '确认回避');
		await expect(recusing.getByText('已回避：菜园的负责人是我的亲戚。')).toBeVisible();

		// Everybody scores at the same time, as on a real evening.
		const scoreAll = async (name: string, given: Record<string, readonly number[]>) => {
			for (const [key, marks] of Object.entries(given)) {
				if (marks.length === 0 || (name === '钟蕙' && key === 'lamp')) continue;
				await scoreProposal(judges[name] as Page, proposals[key as keyof typeof proposals], marks);
			}
		};
		await Promise.all(Object.entries(points).map(([name, given]) => scoreAll(name, given)));
		await (judges['卓越然'] as Page).goto('/app/judging');
		await expect((judges['卓越然'] as Page).getByText('都评完了，谢谢您！')).toBeVisible();
	});

	test('scoring closes, awards stay within the fund, and a stranger reads and checks the result', async ({ browser }) => {
		await head.goto(`/app/competitions/${competition}/progress`);
		await expect(head.getByText('14 / 14')).toBeVisible();
		await press(head, '结束评审');
		await expect(head.getByText('评议中').first()).toBeVisible();
		await openCompetitionTab(head, call.title, '排名');
		for (const key of ['lamp', 'medicine', 'garden'] as const)
			await expect(head.getByRole('row').filter({ hasText: proposals[key] })).toContainText(expectedScore(key));

		await openCompetitionTab(head, call.title, '决定');
		await decide(head, proposals.lamp, { outcome: '资助', amount: '1800', reason: '办法具体，居民自己出力。' });
		await decide(head, proposals.medicine, { outcome: '资助', amount: '2800', reason: '需求清楚，保管有人。' });
		await decide(head, proposals.garden, { outcome: '资助', amount: '2500', reason: '可以先做两个楼。' });
		await press(head, '保存决定');
		await expect(head.getByRole('alert')).toContainText('超出资金总额 1100');
		await decide(head, proposals.garden, { outcome: '候补', reason: '有余款时优先。' });
		await press(head, '保存决定');
		await expect(head.getByText('已保存。')).toBeVisible();
		await head.reload();
		await expect(award(head, proposals.garden).getByLabel('决定')).toHaveValue('reserve');
		await head.getByRole('link', { name: '去公示' }).click();
		await press(head, '公布结果');
		await expect(head.getByRole('heading', { name: '第 1 次公示' })).toBeVisible();

		const stranger = await (await openBrowser(browser, plainPhone)).newPage();
		await stranger.goto(`/competitions/${call.slug}/results`);
		const row = (key: keyof typeof proposals) => stranger.getByRole('row').filter({ hasText: proposals[key] });
		await expect(row('lamp')).toContainText(expectedScore('lamp'));
		await expect(row('lamp')).toContainText('办法具体，居民自己出力。');
		await expect(row('medicine')).toContainText('资助');
		await expect(row('garden')).toContainText('候补');
		await expect(row('taiji')).toHaveCount(0);
		await expectNoSidewaysScroll(stranger);
		const digest = await stranger.locator('#verify code').first().innerText();
		const coming = stranger.waitForEvent('download');
		await stranger.getByRole('link', { name: /完整文件/ }).click();
		const download = await coming;
		const file = await readFile(await download.path());
		expect(createHash('sha256').update(file).digest('hex')).toBe(digest.trim());
		for (const name of Object.keys(points)) expect(file.toString()).not.toContain(name);
		await stranger.context().close();
		// Her own result: told on her worklist, with what the judges wrote and where to object, and nobody's name.
		await newLeader.goto('/app');
		await newLeader.getByRole('link', { name: `“${proposals.lamp}”的评审结果公示了` }).click();
		const own = newLeader.getByRole('region', { name: '评审结果公示' });
		await expect(own.getByText('入选，资助 1,800 元')).toBeVisible();
		await expect(own).toContainText(expectedScore('lamp'));
		await expect(own).toContainText('办法具体，居民自己出力。');
		for (const { lamp = [] } of Object.values(points))
			for (const [at, { label, points: of }] of rubric.entries())
				if (lamp[at] !== undefined && extreme(lamp[at], of)) await expect(own).toContainText(`${label}给 ${lamp[at]} 分的理由。`);
		for (const name of Object.keys(points)) await expect(own).not.toContainText(name);
		await expectNoSidewaysScroll(newLeader);
		await expect(own.getByRole('link', { name: '对结果提异议' })).toHaveAttribute('href', new RegExp(`/competitions/${call.slug}/results/object\\?proposal=`));
		await press(newLeader, '知道了');
		await expect(newLeader.getByRole('button', { name: '知道了' })).toHaveCount(0);
		await newLeader.goto('/app/proposals');
		await expect(newLeader.getByRole('link', { name: proposals.lamp })).toContainText('资助');
		// The award reaches the group's own history a moment later.
		await expect(async () => {
			await newLeader.goto(`/app/organizations/${organization}/history`);
			await expect(newLeader.getByText(`获得资助“${proposals.lamp}”`)).toBeVisible({ timeout: 1000 });
		}).toPass({ timeout: 60_000 });
	});
});
