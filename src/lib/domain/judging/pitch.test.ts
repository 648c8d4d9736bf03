import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leftOn, readyState, scoringRefusal, takeAct, type PitchAct, type PitchState } from '#lib/domain/judging/pitch.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 4, 1) + seconds * 1000);
const item = (proposal: string) => ({ proposal, presentedAt: null, scoring: 'waiting' as const, revealedAt: null });
const ready = (opensAfter = 1) => readyState(['a', 'b', 'c', 'd'].map(item), { talkSeconds: 480, questionSeconds: 240, opensAfter });

const play = (state: PitchState, acts: readonly PitchAct[]): PitchState =>
	acts.reduce((now, act, n) => {
		const next = takeAct(now, act, at(n));
		if (!next.ok) throw new Error(`${act.act}: ${next.code}`);
		return next.state;
	}, state);
const refusal = (state: PitchState, act: PitchAct): string | null => {
	const next = takeAct(state, act, at(99));
	return next.ok ? null : next.code;
};

describe('a pitch session', () => {
	it('goes from stage to score', () => {
		const state = play(ready(), [
			{ act: 'start' },
			{ act: 'present', proposal: 'a' },
			{ act: 'open', proposal: 'a' },
			{ act: 'close', proposal: 'a' },
			{ act: 'reveal', proposal: 'a' }
		]);
		expect(state.items[0]).toEqual({ proposal: 'a', presentedAt: at(1), scoring: 'revealed', revealedAt: at(4) });
		expect(refusal(state, { act: 'reveal', proposal: 'a' })).toBe('pitch_revealed_already');
		expect(refusal(state, { act: 'open', proposal: 'a' })).toBe('pitch_revealed_already');
		expect(refusal(state, { act: 'end', reason: '' })).toBe('pitch_is_next');
		expect(refusal(state, { act: 'end', reason: '停电了。' })).toBeNull();
	});

	it('refuses what is out of turn', () => {
		expect(refusal(ready(), { act: 'present', proposal: 'a' })).toBe('pitch_not_running');
		const running = play(ready(), [{ act: 'start' }]);
		expect(refusal(running, { act: 'start' })).toBe('pitch_started');
		expect(refusal(running, { act: 'present', proposal: 'x' })).toBe('pitch_unknown');
		expect(refusal(running, { act: 'open', proposal: 'a' })).toBe('pitch_not_presented');
		const onStage = play(running, [{ act: 'present', proposal: 'a' }]);
		expect(refusal(onStage, { act: 'close', proposal: 'a' })).toBe('pitch_scoring_not_open');
		expect(refusal(onStage, { act: 'reveal', proposal: 'a' })).toBe('pitch_scoring_not_open');
		const open = play(onStage, [{ act: 'open', proposal: 'a' }]);
		expect(refusal(open, { act: 'reveal', proposal: 'a' })).toBe('pitch_scoring_still_open');
	});

	it('opens scoring after the third pitch, for all three', () => {
		const two = play(ready(3), [{ act: 'start' }, { act: 'present', proposal: 'a' }, { act: 'present', proposal: 'b' }]);
		expect(refusal(two, { act: 'open', proposal: 'a' })).toBe('pitch_too_early');
		const three = play(two, [{ act: 'present', proposal: 'c' }, { act: 'open' }]);
		expect(three.items.map(({ scoring }) => scoring)).toEqual(['open', 'open', 'open', 'waiting']);
		const few = readyState([item('a')], { talkSeconds: 1, questionSeconds: 1, opensAfter: 3 });
		expect(play(few, [{ act: 'start' }, { act: 'present', proposal: 'a' }, { act: 'open' }]).items[0]?.scoring).toBe('open');
	});

	it('keeps drafts from the stage on and takes scores only while open', () => {
		const running = play(ready(), [{ act: 'start' }]);
		expect(scoringRefusal(running, 'a', false)).toBe('pitch_not_presented');
		const onStage = play(running, [{ act: 'present', proposal: 'a' }]);
		expect([scoringRefusal(onStage, 'a', false), scoringRefusal(onStage, 'a', true)]).toEqual([null, 'pitch_scoring_not_open']);
		const open = play(onStage, [{ act: 'open', proposal: 'a' }]);
		expect(scoringRefusal(open, 'a', true)).toBeNull();
		expect(scoringRefusal(play(open, [{ act: 'close', proposal: 'a' }]), 'a', false)).toBe('pitch_scoring_closed');
	});

	it('counts down, pauses and goes on', () => {
		const running = play(ready(), [{ act: 'start' }, { act: 'present', proposal: 'a' }]);
		const step = (state: PitchState, act: PitchAct, seconds: number): PitchState => {
			const next = takeAct(state, act, at(seconds));
			if (!next.ok) throw new Error(next.code);
			return next.state;
		};
		const started = step(running, { act: 'run', part: 'talk' }, 100);
		expect(leftOn(started.timer, at(160))).toBe(420_000);
		expect(step(started, { act: 'run', part: 'talk' }, 130)).toEqual(started);
		const paused = step(started, { act: 'pause' }, 160);
		expect(leftOn(paused.timer, at(999))).toBe(420_000);
		expect(leftOn(step(paused, { act: 'run', part: 'talk' }, 200).timer, at(210))).toBe(410_000);
		expect(leftOn(step(paused, { act: 'run', part: 'questions' }, 200).timer, at(200))).toBe(240_000);
		expect(leftOn(step(started, { act: 'pause' }, 9999).timer, at(0))).toBe(0);
	});

	it('never reveals what was not closed, whatever is pressed', () => {
		const ids = fc.constantFrom('a', 'b', 'c', 'd');
		const acts = fc.oneof(
			fc.constant<PitchAct>({ act: 'start' }),
			fc.record({ act: fc.constantFrom('present' as const, 'open' as const, 'close' as const, 'reveal' as const), proposal: ids }),
			fc.constant<PitchAct>({ act: 'open' }),
			fc.constant<PitchAct>({ act: 'end', reason: '' })
		);
		fc.assert(
			fc.property(fc.array(acts, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (pressed, opensAfter) => {
				let state: PitchState = ready(opensAfter);
				for (const [n, act] of pressed.entries()) {
					const next = takeAct(state, act, at(n));
					if (!next.ok) continue;
					for (const [i, after] of next.state.items.entries()) {
						const before = state.items[i];
						if (after.scoring === 'revealed' && before?.scoring !== 'revealed') expect(before?.scoring).toBe('closed');
						if (before?.scoring === 'revealed') expect(after).toEqual(before);
						if (after.scoring !== 'waiting') expect(after.presentedAt).not.toBeNull();
					}
					state = next.state;
				}
			})
		);
	});
});
