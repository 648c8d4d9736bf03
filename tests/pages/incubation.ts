import { expect, type Page } from '@playwright/test';
import { press } from './acting.ts';
import { openTab } from './organization.ts';

/** The line of one criterion of the present gate, wherever it is shown. */
const line = (page: Page, criterion: string) => page.locator('#gate li').filter({ hasText: criterion });

/** Goes from the overview to where the evidence of a criterion is recorded, by the link beside it. */
export const goRecord = async (page: Page, criterion: string): Promise<void> => {
	await openTab(page, '总览');
	await line(page, criterion).getByRole('link', { name: '去记录' }).click();
};

/** Looks whether a criterion is met, with its figure. */
export const expectMet = async (page: Page, criterion: string, figure: string): Promise<void> => {
	await expect(line(page, criterion).getByText('已达到', { exact: true })).toBeVisible();
	await expect(line(page, criterion).locator('.criterion-figure')).toHaveText(figure);
};

export type Talk = { who: string; words: string; need: string; found: string };

/** Notes a talk with a resident, and the person found in it, if there was one. */
export const noteTalk = async (page: Page, talk: Talk, last: boolean): Promise<void> => {
	await page.getByLabel('和谁聊的').fill(talk.who);
	await page.getByLabel('说了什么').fill(talk.words);
	await page.getByLabel('说到的需求').fill(talk.need);
	if (talk.found !== '') {
		await page.getByLabel('发现了骨干人选').check();
		await page.getByLabel('加进名册，叫').fill(talk.found);
	}
	await press(page, last ? '存好' : '存好，再记一次');
	await expect(last ? page.getByRole('link', { name: talk.who }) : page.getByRole('status').filter({ hasText: '存好了' })).toBeVisible();
};

/** Uploads a paper of the group. */
export const addPaper = async (page: Page, paper: { name: string; buffer: Buffer; note: string }): Promise<void> => {
	await openTab(page, '文件');
	await page.getByLabel('选文件').setInputFiles({ name: paper.name, mimeType: 'image/png', buffer: paper.buffer });
	await page.getByLabel('说明').fill(paper.note);
	await press(page, '上传文件');
	await expect(page.getByRole('link', { name: paper.name.replace(/\.png$/, '') })).toBeVisible();
};

type Counts = { for: number; against: number; abstain: number };
export type Election = Counts & { kind: string; title: string; candidate: string };

const motion = (page: Page, place: number) => page.getByRole('group', { name: `第 ${place} 项表决` });

/** Types the votes that were counted, in their place on the form. */
export const typeCounts = async (page: Page, place: number, counts: Counts): Promise<void> => {
	await motion(page, place).getByLabel('赞成').fill(String(counts.for));
	await motion(page, place).getByLabel('反对').fill(String(counts.against));
	await motion(page, place).getByLabel('弃权').fill(String(counts.abstain));
};

/** Types a whole election in its place on the form. */
export const typeElection = async (page: Page, place: number, election: Election): Promise<void> => {
	await motion(page, place).getByLabel('表决什么').selectOption({ label: election.kind });
	await motion(page, place).getByLabel('内容').fill(election.title);
	await motion(page, place).getByLabel('选谁').selectOption({ label: election.candidate });
	await typeCounts(page, place, election);
};

/** Drafts a document from the template as it is, and puts it to the vote. */
export const putToVote = async (page: Page, document: string, blanks: Record<string, string> = {}): Promise<void> => {
	await openTab(page, '章程制度');
	await page.getByRole('link', { name: document, exact: true }).click();
	for (const [label, words] of Object.entries(blanks)) await page.getByLabel(label).fill(words);
	await press(page, '开始起草');
	await press(page, '存草稿');
	await expect(page.getByRole('heading', { name: '草稿' })).toBeVisible();
	await press(page, '定稿，交会上表决');
	await expect(page.getByText('等表决')).toBeVisible();
};
