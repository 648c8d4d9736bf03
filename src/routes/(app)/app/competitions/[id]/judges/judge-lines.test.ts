import { expect, test } from 'vitest';
import { mostLines, readJudgeLines } from './judge-lines.ts';

const wrong = (text: string): unknown => {
	try {
		return readJudgeLines(text);
	} catch (error) {
		return (error as { issues: unknown[] }).issues[0];
	}
};

test('a judge a line, typed or pasted from a spreadsheet, empty lines left out', () => {
	const judges = readJudgeLines('甲评委，某某学院，助老、环保\r\n\n乙评委\t某某医院\t健康\t财务\n 丙评委 \n,，\n', 'residents');
	expect(judges.map(({ name, employer, expertise, group }) => [name, employer, expertise, group])).toEqual([
		['甲评委', '某某学院', ['助老', '环保'], 'residents'],
		['乙评委', '某某医院', ['健康', '财务'], 'residents'],
		['丙评委', '', [], 'residents']
	]);
});

test('what is wrong is told with its line, and nobody is read before all are', () => {
	expect(wrong(' \n，\n')).toMatchObject({ path: 'lines', code: 'judge_lines_none' });
	expect(wrong('甲评委\n，某某医院')).toMatchObject({ code: 'judge_line_name', params: { line: 2 } });
	expect(wrong('甲评委\n\n甲评委，某某医院')).toMatchObject({ code: 'judge_line_twice', params: { line: 3, name: '甲评委' } });
	expect(wrong(`甲评委，${'长'.repeat(81)}`)).toMatchObject({ code: 'judge_line_long', params: { line: 1 } });
	expect(wrong(Array.from({ length: mostLines + 1 }, (_, at) => `评委${at}`).join('\n'))).toMatchObject({ code: 'judge_lines_many', params: { max: mostLines } });
});
