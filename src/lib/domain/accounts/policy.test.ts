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

describe('what a station does for its groups', () => {
	const sees = (action: Parameters<typeof can>[1], ...grants: Grant[]): boolean => can(actor(...grants), action, station);
	it('is recorded by its own staff; supervision also by those who supervise it', () => {
		for (const action of ['training.record', 'serviceLog.record', 'supervision.record'] as const) {
			expect(sees(action, at('worker', 'street'))).toBe(true);
			expect(sees(action, at('head', 'city'))).toBe(false);
			expect(sees(action, at('worker', 'elsewhere'))).toBe(false);
			expect(sees(action, { role: 'admin', scopeKind: 'platform', scopeId: null })).toBe(false);
		}
		expect(sees('supervision.record', at('supervisor', 'city'))).toBe(true);
		expect(sees('training.record', at('supervisor', 'city'))).toBe(false);
	});
	it('is seen from above; supervision only by those who lead or supervise', () => {
		for (const role of ['head', 'supervisor', 'finance', 'observer'] as const) {
			expect(sees('training.read', at(role, 'city'))).toBe(true);
			expect(sees('serviceLog.read', at(role, 'city'))).toBe(true);
			expect(sees('supervision.read', at(role, 'city'))).toBe(role === 'head' || role === 'supervisor');
		}
		expect(sees('supervision.read', { role: 'admin', scopeKind: 'platform', scopeId: null })).toBe(false);
		expect(sees('training.read', { role: 'leader', scopeKind: 'organization', scopeId: 'group' })).toBe(false);
	});
});
