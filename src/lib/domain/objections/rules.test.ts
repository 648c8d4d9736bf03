import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerDue, closedBecause, comparableContact, receiptOf, tally, tidyReceipt, unheard } from './rules.ts';
import { committeeSchema, objectionSchema } from './schema.ts';

describe('a vote', () => {
	test('needs more than half of all members, whoever has voted', () => {
		const members = ['a', 'b', 'c'];
		expect(tally(members, [{ user: 'a', uphold: true }]).outcome).toBeNull();
		expect(tally(members, [{ user: 'a', uphold: true }, { user: 'b', uphold: false }])).toMatchObject({ open: 1, outcome: null });
		expect(tally(members, [{ user: 'a', uphold: true }, { user: 'b', uphold: true }]).outcome).toBe('upheld');
		expect(tally(members, [{ user: 'a', uphold: false }, { user: 'x', uphold: false }]).outcome).toBeNull();
	});

	test('has an outcome once an odd committee has voted, and never two', () => {
		fc.assert(
			fc.property(fc.array(fc.boolean(), { minLength: 3, maxLength: 9 }), (ballots) => {
				const members = ballots.map((_, at) => String(at));
				const votes = ballots.map((uphold, at) => ({ user: String(at), uphold }));
				const yes = ballots.filter(Boolean).length;
				const { outcome, open } = tally(members, votes);
				expect(open).toBe(0);
				expect(outcome).toBe(2 * yes > members.length ? 'upheld' : 2 * yes < members.length ? 'rejected' : null);
				if (members.length % 2 === 1) expect(outcome).not.toBeNull();
			})
		);
	});
});

test('an answer is due at the end of the fifteenth day in Shanghai', () => {
	expect(answerDue(new Date('2026-03-05T16:30:00Z')).toISOString()).toBe('2026-03-21T16:00:00.000Z');
	expect(answerDue(new Date('2026-03-05T15:59:59Z')).toISOString()).toBe('2026-03-20T16:00:00.000Z');
});

test('only the latest notice takes objections, until its last moment', () => {
	const notice = { n: 2, noticeUntil: new Date('2026-03-12T16:00:00Z') };
	expect(closedBecause(notice, 2, 'notice', new Date('2026-03-12T15:59:59.999Z'))).toBeNull();
	expect(closedBecause(notice, 2, 'notice', new Date('2026-03-12T16:00:00Z'))).toBe('objection_window_closed');
	expect(closedBecause(notice, 2, 'decided', new Date('2026-03-12T10:00:00Z'))).toBe('objection_window_closed');
	expect(closedBecause(notice, 3, 'notice', new Date('2026-03-12T10:00:00Z'))).toBe('objection_superseded');
});

test('both sides are heard where there are two', () => {
	expect(unheard(true, [{ side: 'judges' }])).toEqual(['organization']);
	expect(unheard(false, [])).toEqual(['judges']);
	expect(unheard(true, [{ side: 'judges' }, { side: 'organization' }])).toEqual([]);
});

test('a receipt number survives being read out', () => {
	const receipt = receiptOf(new Uint8Array([1, 2, 3, 40, 50, 60, 255, 0]));
	expect(receipt).toMatch(/^YY-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
	expect(tidyReceipt(` ${receipt.toLowerCase().replaceAll('-', ' ')} `)).toBe(receipt);
});

test('an objection needs a way to be answered; a committee is odd and has no member twice', () => {
	const filed = (contact: string) => objectionSchema.safeParse({ name: '王五', contact, text: '分数算错了' }).success;
	expect([filed('0000-6000100'), filed('a@b.example'), filed('找我'), filed('')]).toEqual([true, true, false, false]);
	const ids = (...digits: string[]) => digits.map((digit) => digit.repeat(24));
	const named = (members: string[]) => committeeSchema.safeParse({ members, version: 0 }).error?.issues[0]?.message;
	expect([named(ids('1', '2', '3')), named(ids('1', '2')), named(ids('1', '2', '3', '4')), named(ids('1', '1', '2'))]).toEqual([
		undefined,
		'committee_small',
		'committee_even',
		'committee_twice'
	]);
});

test('a contact is the same however it is typed', () => {
	for (const typed of ['138 0000-1234', '+86 13800001234', '电话：13800001234（晚上）', '１３８００００１２３４']) expect(comparableContact(typed)).toBe('13800001234');
	expect(comparableContact(' Wang@Example.org ')).toBe('wang@example.org');
	expect(comparableContact('邮箱 wang@example.org，晚上看')).toBe('wang@example.org');
	expect(comparableContact('没有')).toBe('');
});
