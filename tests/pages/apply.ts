import type { Page } from '@playwright/test';
import { press } from './acting.ts';

/** A group's application as its leader would write it. */
export type Application = {
	name: string;
	category: string;
	station: string;
	purpose: string;
	people: string;
	leader: string;
	phone: string;
	password: string;
	consent: boolean;
};

export const fillApplication = async (page: Page, application: Application): Promise<void> => {
	await page.getByLabel('小组叫什么').fill(application.name);
	await page.getByLabel('主要做哪一类事').selectOption({ label: application.category });
	await page.getByLabel('找哪个社工站').selectOption({ label: application.station });
	await page.getByLabel('想做什么').fill(application.purpose);
	await page.getByLabel('现在有多少人').fill(application.people);
	await page.getByLabel('联系人姓名').fill(application.leader);
	await page.getByLabel('联系人手机号').fill(application.phone);
	await page.getByLabel('设个密码').fill(application.password);
	await page.getByLabel('我同意社工站保存以上信息').setChecked(application.consent);
};

export const sendApplication = (page: Page): Promise<void> => press(page, '交申请');
