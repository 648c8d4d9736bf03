import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiClient, signInByApi, type Answer, type ApiClient } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';
import { expected, type ExpectedRow } from './expected.ts';
import { bodies } from './requests.ts';
import { findSubjects, roleNames, signInAll, type Clients, type Role, type Subjects } from './subjects.ts';

type Document = { paths: Record<string, Record<string, unknown>> };

let app: RunningApp;
let clients: Clients;
let subjects: Subjects;
let operations: string[];

beforeAll(async () => {
	app = await startApp({ demo: true });
	const { body } = await apiClient(app.address).get('/openapi.json');
	operations = Object.entries((body as Document).paths).flatMap(([path, calls]) =>
		Object.keys(calls).map((method) => `${method.toUpperCase()} ${path}`)
	);
	clients = await signInAll(app.address);
	subjects = await findSubjects(app.address, clients);
});
afterAll(async () => {
	await app.stop();
	removeData(app);
});

const clientOf = (role: Role): ApiClient => (role === 'stranger' ? apiClient(app.address) : clients[role]);

/** The documented call a row of the table is about: `GET /organizations/{mine}` → `GET /organizations/{id}`. */
const operationOf = ({ method, path }: ExpectedRow): string | undefined => {
	const shape = (text: string): string => text.replace(/\?.*/, '').replace(/\{\w+\}/g, '{}');
	return operations.find((operation) => operation.startsWith(`${method} `) && shape(operation) === shape(`${method} ${path}`));
};

const ask = async (row: ExpectedRow, role: Role, turn: number): Promise<Answer> => {
	const operation = operationOf(row);
	if (!operation) throw new Error(`${row.method} ${row.path} is not a call of the API.`);
	const path = row.path.replace(/\{(\w+)\}/g, (_, name: keyof Subjects) => subjects[name] ?? 'no-such-subject');
	const client = clientOf(role);
	if (row.method === 'GET') return client.get(path);
	const make = bodies[`${operation}${row.variant ? ` ${row.variant}` : ''}`];
	const body = make?.(subjects, turn);
	if (body instanceof FormData) return client.upload(path, body);
	// Signing out ends the session it is called with, so it gets one of its own.
	const fresh = row.path === '/sessions' && row.method === 'DELETE' && role !== 'stranger';
	const caller = fresh ? await signInByApi(app.address, { superv: 'supervisor', head2: 'cao-lichun', worker2: 'xue-mengyao' }[role as string] ?? role) : client;
	return caller.send(row.method, path, body);
};

describe('the table', () => {
	test('has a line for every call of the API, and no other', () => {
		const covered = new Set(expected.map(operationOf));
		expect(operations.filter((operation) => !covered.has(operation))).toEqual([]);
		expect(expected.filter((row) => operationOf(row) === undefined)).toEqual([]);
	});

	test('everybody gets what it says', async () => {
		const wrong: string[] = [];
		let turn = 0;
		for (const row of expected) {
			const found: string[] = [];
			for (const role of roleNames) {
				turn += 1;
				const { status } = await ask(row, role, turn);
				found.push(String(status));
			}
			if (found.join(' ') !== row.statuses.join(' ')) wrong.push(`${row.line}\n  answered ${' '.repeat(Math.max(0, row.label.length - 11))} ${found.map((status) => status.padEnd(8)).join(' ')}`);
		}
		expect(wrong.join('\n')).toBe('');
	}, 60_000);
});
