import { describe, expect, it } from 'vitest';
import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor, Grant, Role } from '#lib/domain/accounts/types.ts';

const station = { station: 'street', stationPath: ['city', 'street'], competition: 'call' };
const actor = (...grants: Grant[]): Actor => ({ kind: 'user', id: 'somebody', name: 'somebody', grants });
const at = (role: Role, scopeId: string): Grant => ({ role, scopeKind: 'station', scopeId });

describe('pitch day, the public jury and paper scorecards', () => {
	it.each(['pitch.conduct', 'jury.manage', 'scorecard.enterFor'] as const)('%s is for the staff of the station that runs the call', (action) => {
		expect(can(actor(at('head', 'street')), action, station)).toBe(true);
		expect(can(actor(at('worker', 'street')), action, station)).toBe(true);
		for (const role of ['supervisor', 'finance', 'observer'] as const) expect(can(actor(at(role, 'street')), action, station)).toBe(false);
		expect(can(actor(at('head', 'city')), action, station)).toBe(false);
		expect(can(actor(at('head', 'elsewhere')), action, station)).toBe(false);
		expect(can(actor({ role: 'judge', scopeKind: 'competition', scopeId: 'call' }), action, station)).toBe(false);
		expect(can(actor({ role: 'admin', scopeKind: 'platform', scopeId: null }), action, station)).toBe(false);
		expect(can({ kind: 'anonymous' }, action, station)).toBe(false);
	});
});
