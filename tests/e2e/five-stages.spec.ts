import { expect, type Page } from '@playwright/test';
import { signInByApi } from '../factories/api-client.ts';
import { smallPng } from '../factories/small-files.ts';
import { expectNoSidewaysScroll, press, unfold } from '../pages/acting.ts';
import { fillApplication, sendApplication, type Application } from '../pages/apply.ts';
import { countEffort, type Counting } from '../pages/effort.ts';
import { addPaper, expectMet, goRecord, noteTalk, putToVote, typeCounts, typeElection } from '../pages/incubation.ts';
import { attest, openTab } from '../pages/organization.ts';
import { submitProposal, writeProposal } from '../pages/proposal.ts';
import { test } from './app.ts';
import { address, openBrowser, person, signIn } from './people.ts';

test.use({ subject: 'five-stages' });

const group: Application = {
	name: '一米阳台互助队',
	category: '志愿服务',
	station: '高桥街道社会工作服务站',
	purpose: '高楼老人的阳台没人打理，花盆悬着。想教大家加固、轮流上门看一看。',
	people: '6',
	leader: '程锦云',
	phone: '13911115001',
	password: 'balcony-rail-9',
	consent: true
};
const talks = [
	{ who: '独居老人', words: '花盆掉下去过一回，吓得我半个月没敢开窗。', need: '阳台花盆加固', found: '卞秋实' },
	{ who: '宝妈', words: '孩子在楼下玩，我总抬头看。', need: '阳台花盆加固', found: '' },
	{ who: '楼门长', words: '谁家要搭把手，我来敲门。', need: '有人上门帮忙', found: '邬念慈' },
	{ who: '租户', words: '想种点菜，不知道问谁。', need: '种菜有人教', found: '' },
	{ who: '退休木工', words: '架子我会做，就缺个张罗的人。', need: '有人上门帮忙', found: '' }
];
const rest = ['柏松年', '荀小北', '臧立冬', '苗可心', '晏知远', '耿素梅', '班若谷', '卓一鸣', '雍和平'];

test.describe.serial('a group goes through all five stages by its own records', () => {
	let leader: Page;
	let worker: Page;
	let head: Page;
	let home = '';
	let leaderHand: Counting;
	let headHand: Counting;
	const attested: string[] = [];

	test.afterAll(async () => {
		for (const page of [leader, worker, head]) await page?.context().close();
	});

	/** The worker proposes what the records show, the head approves from the list of things to do. */
	const passGate = async (): Promise<void> => {
		await worker.goto(home);
		const line = worker.locator('#gate li[id^=criterion-]');
		await expect(line.filter({ hasText: '还差' })).toHaveCount(0);
		await expect(line.filter({ hasText: '已豁免' })).toHaveCount(0);
		attested.push(...(await line.filter({ hasText: '已确认' }).evaluateAll((lines) => lines.map(({ id }) => id))));
		await press(worker, '提请过关');
		await expect(worker.getByRole('heading', { name: '田晓舟 提请过关' })).toBeVisible();
		await expect(worker.getByRole('button', { name: '批准过关' })).toHaveCount(0);
		await head.goto('/app');
		headHand.begin();
		await head.getByRole('link', { name: `田晓舟 提请过关：${group.name}` }).click();
		await press(head, '批准过关');
		await expect(head.getByRole('status').filter({ hasText: '批准了' })).toBeVisible();
		expect(headHand.read()).toMatchObject({ taps: 2, fields: 0 });
	};

	test('a group applies within three minutes, and is taken in', async ({ browser }) => {
		leader = await (await openBrowser(browser, { width: 360 })).newPage();
		leaderHand = await countEffort(leader);
		await leader.goto('/apply');
		leaderHand.begin();
		await fillApplication(leader, group);
		await sendApplication(leader);
		await expect(leader.getByRole('heading', { name: '申请收到了' })).toBeVisible();
		expect(leaderHand.read()).toMatchObject({ taps: 2, fields: 8 });
		worker = await person(browser, 'worker', { width: 390 });
		await worker.getByRole('link', { name: `受理申请：${group.name}` }).click();
		await worker.getByLabel('第二位社工').selectOption({ label: '郑佳宁' });
		await press(worker, '受理');
		await expect(worker.getByText('孵化中', { exact: true })).toBeVisible();
		home = new URL(worker.url()).pathname;
		await signIn(leader, group.phone, group.password);
		head = await person(browser, 'head', { width: 360 });
		headHand = await countEffort(head);
	});

	test('needs are asked, ranked, and people found', async () => {
		await goRecord(worker, '问过居民');
		await worker.getByRole('link', { name: '记一次访谈' }).click();
		for (const [at, talk] of talks.entries()) await noteTalk(worker, talk, at === talks.length - 1);
		await addPaper(worker, { name: '调研小结.png', buffer: smallPng(), note: '问了五户，三件事' });
		await openTab(worker, '总览');
		await expectMet(worker, '问过居民', '5 / 5');
		await expectMet(worker, '需求排出了先后', '3 / 3');
		await expectMet(worker, '主动挖掘到可能的骨干', '3 / 3');
		await attest(worker, '写好了调研小结', /调研小结/, '五户，三件事。');
		await passGate();
	});

	test('a table brings the roster, a meeting elects, the group holds its first activity', async () => {
		// The leader brings the roster as a table.
		await leader.goto(`${home}/members`);
		await leader.getByRole('link', { name: '导入' }).click();
		const csv = ['姓名,职务', ...rest.map((name, at) => `${name},${at === 0 ? '会计' : '队员'}`)].join('\n');
		await leader.getByLabel('选表格').setInputFiles({ name: '名册.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
		await press(leader, '上传看看');
		await press(leader, `导入 ${rest.length} 人`);
		await expect(leader.getByText(`导入好了：新加 ${rest.length} 人`)).toBeVisible();
		await goRecord(leader, '开会选出了负责人');
		await leader.getByLabel('什么会').fill('第一次成员大会');
		await leader.getByLabel('应到多少人').fill('12');
		await leader.getByLabel('实到多少人').fill('11');
		await typeElection(leader, 1, { kind: '选负责人', title: '选程锦云当负责人', candidate: group.leader, for: 9, against: 1, abstain: 1 });
		await typeElection(leader, 2, { kind: '选副手', title: '选卞秋实当副手', candidate: '卞秋实', for: 8, against: 2, abstain: 1 });
		await press(leader, '记好了');
		await expect(leader.getByRole('heading', { name: '第一次成员大会' })).toBeVisible();
		for (const title of ['怎么开会', '怎么记账']) {
			await goRecord(worker, '骨干参加过不少于 2 次培训');
			await worker.getByRole('link', { name: '记一次培训' }).click();
			await worker.getByLabel('讲了什么').fill(title);
			const fold = await unfold(worker, `${group.name}.*`);
			for (const name of [group.leader, '卞秋实']) await fold.getByLabel(name).check();
			await press(worker, '记下这次培训');
			await expect(worker.getByRole('link', { name: title })).toBeVisible();
		}
		await leader.goto('/app');
		leaderHand.begin();
		await leader.getByRole('link', { name: '记一次活动' }).click();
		await leader.getByLabel('做了什么').fill('挨家看阳台');
		const came = [group.leader, '卞秋实', '邬念慈', '柏松年', '荀小北', '臧立冬'];
		for (const name of came) await leader.getByRole('group', { name: '名册上谁来了' }).getByLabel(name).check();
		await leader.getByLabel('另外来了多少人').fill('5');
		await press(leader, '记好了');
		await expect(leader.getByText('11 人次')).toBeVisible();
		// One tap from the home page, one for each name, one to save.
		expect(leaderHand.read()).toMatchObject({ taps: 2 + came.length, fields: 2 });
		await worker.goto(home);
		await passGate();
	});

	test('a charter and three rules come from the template and are voted on in one evening', async () => {
		await leader.goto(home);
		await putToVote(leader, '章程', { '平时在哪里活动': '3 号楼架空层' });
		for (const document of ['财务约定', '活动约定', '请假约定']) await putToVote(leader, document);
		await leader.getByRole('link', { name: '记下表决的会议' }).click();
		await leader.getByLabel('什么会').fill('章程和三项约定表决会');
		await leader.getByLabel('实到多少人').fill('11');
		for (const place of [1, 2, 3, 4]) await typeCounts(leader, place, { for: 10, against: 0, abstain: 1 });
		await press(leader, '记好了');
		await press(leader, '从这天起生效');
		await expect(leader.getByText('生效', { exact: true })).toHaveCount(4);
		await addPaper(worker, { name: '备案回执.png', buffer: smallPng(), note: '社区盖章的回执' });
		await openTab(worker, '总览');
		await expectMet(worker, '章程表决通过', '1 / 1');
		await expectMet(worker, '财务、活动、请假三项制度生效', '3 / 3');
		await expectMet(worker, '名册上不少于 10 人', '12 / 10');
		await attest(worker, '备案材料已交社区和街道', /备案回执/, '社区已盖章。');
		await worker.getByRole('link', { name: '修改资料' }).click();
		await worker.getByLabel('备案', { exact: true }).selectOption({ label: '已备案' });
		await press(worker, '保存');
		await expect(worker.getByText('已备案', { exact: true })).toBeVisible();
		await passGate();
	});

	test('activities, feedback from those who came, and supervision make a team', async ({ browser }) => {
		for (const [title, came] of [['帮四户加固花架', 4], ['阳台种菜小课', 8]] as const) {
			await goRecord(leader, '最近 3 个月活动不少于 3 次');
			await leader.getByLabel('做了什么').fill(title);
			await leader.getByLabel('另外来了多少人').fill(String(came));
			await press(leader, '记好了');
			await expect(leader.getByRole('link', { name: title })).toBeVisible();
		}
		await leader.getByRole('link', { name: '阳台种菜小课' }).click();
		await press(leader, '开一张反馈表');
		const link = await leader.getByText(/\/s\/[a-z0-9]+/).first().innerText();
		for (const satisfied of ['5', '4', '5', '4', '2']) {
			const resident = await (await openBrowser(browser, { width: 360, javaScript: false })).newPage();
			await resident.goto(new URL(link.trim()).pathname);
			await resident.getByRole('group', { name: '总的来说您满意吗' }).getByLabel(satisfied, { exact: true }).check();
			await resident.getByLabel('很有用').check();
			await resident.getByLabel('来', { exact: true }).check();
			await press(resident, '交上去');
			await expect(resident.getByRole('heading', { name: '收到了' })).toBeVisible();
			await resident.context().close();
		}
		await goRecord(worker, '接受过不少于 1 次督导');
		await worker.getByRole('link', { name: '记一次督导' }).click();
		await worker.getByLabel('谈了什么').fill('新人来了不说话怎么办');
		await worker.getByLabel('督导', { exact: true }).selectOption({ index: 1 });
		await worker.getByRole('group', { name: '和谁' }).getByLabel('田晓舟').check();
		await press(worker, '记下这次督导');
		await expect(worker.getByRole('heading', { name: '新人来了不说话怎么办' })).toBeVisible();
		await worker.goto(home);
		await expectMet(worker, '活动满意率不低于 80%', '80% / 80%');
		await passGate();
	});

	test('an idea becomes a proposal, a project is closed, its accounts are shown', async () => {
		const client = await signInByApi(address(), 'worker');
		const { body } = await client.get('/competitions');
		const spring = (body as { items: { id: string; slug: string }[] }).items.find(({ slug }) => slug === 'spring')?.id ?? '';
		await leader.goto(home);
		await openTab(leader, '项目资源');
		await leader.getByRole('link', { name: '记个点子' }).click();
		await leader.getByLabel('点子', { exact: true }).fill('三十个阳台都放心');
		await leader.getByLabel('回应什么需求').fill('阳台花盆加固');
		await press(leader, '保存');
		await expect(leader.getByRole('link', { name: '三十个阳台都放心' })).toBeVisible();
		await writeProposal(leader, spring, undefined, '三十个阳台都放心', { item: '加固架', category: '活动费用', quantity: '30', price: '60' });
		await submitProposal(leader);
		await leader.goto(home);
		await goRecord(leader, '做完并结项不少于 1 个项目');
		await leader.getByLabel('项目叫什么').fill('四户先试的花架');
		const money = async (): Promise<void> => {
			await leader.getByLabel('收入').fill('300');
			await leader.getByLabel('支出').fill('286.5');
		};
		const today = await leader.getByLabel('哪天开始').getAttribute('max');
		await leader.getByLabel('哪天开始').fill(today ?? '');
		await leader.getByLabel('哪天结项').fill(today ?? '');
		await leader.getByLabel('做成了什么').fill('四户的花架都牢了，三户自己会做了。');
		await money();
		await press(leader, '保存');
		await expect(leader.getByRole('link', { name: '四户先试的花架' })).toBeVisible();
		await goRecord(leader, '项目账目向成员公开');
		await leader.getByLabel('哪笔账').fill('花架试做');
		for (const field of ['从', '到', '哪天公开的']) await leader.getByLabel(field, { exact: true }).fill(today ?? '');
		await leader.getByLabel('贴出来').check();
		await money();
		await press(leader, '保存');
		await expect(leader.getByRole('link', { name: '花架试做' })).toBeVisible();
		await worker.goto(home);
		await passGate();
	});

	test('with something from outside the group stands by itself, and its story tells all of it', async () => {
		await leader.goto(home);
		await goRecord(leader, '最近 12 个月活动不少于 4 次');
		await leader.getByLabel('做了什么').fill('社区花架开放日');
		await leader.getByLabel('另外来了多少人').fill('20');
		await press(leader, '记好了');
		await expect(leader.getByRole('link', { name: '社区花架开放日' })).toBeVisible();
		await goRecord(leader, '争取到不少于 1 项站外资源');
		await leader.getByLabel('得到了什么').fill('五金店赠的膨胀螺丝');
		await leader.getByLabel('谁给的').fill('街口五金店');
		await leader.getByLabel('物资').check();
		await press(leader, '保存');
		await expect(leader.getByRole('link', { name: '五金店赠的膨胀螺丝' })).toBeVisible();
		await passGate();
		await expect(head.getByText('已出壳').first()).toBeVisible();
		expect(attested).toEqual(['criterion-summary', 'criterion-filing']);

		await leader.goto(home);
		await openTab(leader, '历程');
		const chapters = await leader.locator('main .card-title').allInnerTexts();
		expect(chapters).toEqual(['申请', '需求调研', '培育领袖', '完善制度', '团队提升', '项目支持', '出壳']);
		const told = ['和独居老人聊了一次', '参加培训“怎么记账”（2 人）', '章程第 1 版生效', '督导谈了“新人来了不说话怎么办”', '项目“四户先试的花架”结项', '街口五金店支持：五金店赠的膨胀螺丝'];
		for (const words of told) await expect(leader.getByText(words)).toBeVisible();
		await expectNoSidewaysScroll(leader);
	});
});
