import { expect, test } from 'vitest';
import { arrangeRows, setupAct } from './arrange.ts';

type Given = { tracks: { label: string; questions: { label: string }[] }[] };
const values = (): Given => ({ tracks: [{ label: 'a', questions: [{ label: 'x' }, { label: 'y' }, { label: 'z' }, { label: '' }] }, { label: '', questions: [] }] });
const labels = (given: Given) => given.tracks[0]?.questions.map(({ label }) => label);

test('a button moves its row and answers where it stands now', () => {
	const given = values();
	expect(arrangeRows(given, setupAct('up:tracks[0].questions[2]'))).toBe('tracks[0].questions[1]');
	expect(labels(given)).toEqual(['x', 'z', 'y', '']);
	expect(arrangeRows(given, setupAct('down:tracks[0].questions[0]'))).toBe('tracks[0].questions[1]');
	expect(labels(given)).toEqual(['z', 'x', 'y', '']);
});

test('rows at their ends stay, and nothing moves past the empty row for adding', () => {
	const given = values();
	arrangeRows(given, setupAct('up:tracks[0].questions[0]'));
	arrangeRows(given, setupAct('down:tracks[0].questions[2]'));
	expect(labels(given)).toEqual(['x', 'y', 'z', '']);
});

test('a row is taken out, and a path that is none changes nothing', () => {
	const given = values();
	expect(arrangeRows(given, setupAct('drop:tracks[0].questions[1]'))).toBe('tracks[0].questions');
	arrangeRows(given, setupAct('drop:tracks[9].questions[1]'));
	arrangeRows(given, setupAct('drop:tracks'));
	expect(labels(given)).toEqual(['x', 'z', '']);
	expect(setupAct('drop:tracks[0]);x')).toEqual({ kind: 'save' });
});
