import { expect, type Page } from '@playwright/test';
import { press, unfold } from './acting.ts';

/** Opens one of the organization's tabs from wherever its file is open. */
export const openTab = async (page: Page, tab: string): Promise<void> => {
	const link = page.getByRole('navigation', { name: '组织档案' }).getByRole('link', { name: tab, exact: true });
	await link.click();
	await expect(link).toHaveAttribute('aria-current', 'page');
};

export const addMember = async (page: Page, member: { name: string; prospective?: boolean }): Promise<void> => {
	await page.getByLabel('姓名').fill(member.name);
	await page.getByLabel('骨干人选（主动挖掘）').setChecked(member.prospective ?? false);
	await press(page, '加一个人');
	await expect(page.getByRole('status').filter({ hasText: `保存好了：${member.name}` })).toBeVisible();
};

export const recordActivity = async (page: Page, activity: { title: string; came: string[]; guests: string }): Promise<void> => {
	await page.getByRole('link', { name: '记一次活动' }).click();
	await page.getByLabel('做了什么').fill(activity.title);
	await page.getByRole('group', { name: '谁办的' }).getByLabel('小组自己办').check();
	for (const name of activity.came) await page.getByRole('group', { name: '名册上谁来了' }).getByLabel(name).check();
	await page.getByLabel('另外来了多少人').fill(activity.guests);
	await press(page, '记好了');
	await expect(page.getByRole('link', { name: activity.title })).toBeVisible();
};

export type Motion = { kind: string; title: string; candidate: string; for: string; against: string; abstain: string };
export type Meeting = { title: string; eligible: string; present: string; motion: Motion };

export const recordMeeting = async (page: Page, meeting: Meeting): Promise<void> => {
	await page.getByRole('link', { name: '记一次会议' }).click();
	await page.getByLabel('什么会').fill(meeting.title);
	await page.getByLabel('应到多少人').fill(meeting.eligible);
	await page.getByLabel('实到多少人').fill(meeting.present);
	const vote = page.getByRole('group', { name: '第 1 项表决' });
	await vote.getByLabel('表决什么').selectOption({ label: meeting.motion.kind });
	await vote.getByLabel('内容').fill(meeting.motion.title);
	await vote.getByLabel('选谁').selectOption({ label: meeting.motion.candidate });
	await vote.getByLabel('赞成').fill(meeting.motion.for);
	await vote.getByLabel('反对').fill(meeting.motion.against);
	await vote.getByLabel('弃权').fill(meeting.motion.abstain);
	await press(page, '记好了');
	await expect(page.getByRole('heading', { name: meeting.title })).toBeVisible();
};

/** The line of one criterion of the present gate. */
export const criterion = (page: Page, label: string) => page.locator('#gate li').filter({ hasText: label });

export const attest = async (page: Page, label: string, evidence: RegExp, note: string): Promise<void> => {
	const line = criterion(page, label);
	const fold = await unfold(line, '我来确认');
	const choice = await fold.getByLabel('凭哪条记录').locator('option').filter({ hasText: evidence }).getAttribute('value');
	await fold.getByLabel('凭哪条记录').selectOption(choice);
	await fold.getByLabel('说明').fill(note);
	await press(fold, '我来确认');
	await expect(line.getByText('已确认', { exact: true })).toBeVisible();
};

export const waive = async (page: Page, label: string, reason: string): Promise<void> => {
	const line = criterion(page, label);
	const fold = await unfold(line, '豁免');
	await fold.getByLabel('豁免理由').fill(reason);
	await press(fold, '豁免');
	await expect(line.getByText('已豁免', { exact: true })).toBeVisible();
};
