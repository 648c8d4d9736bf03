/**
 * Where the first words of an answer came from: the group's record, its needs surveys (how many answers and interviews
 * until which day, `YYYY-MM-DD`), or one of its project ideas.
 */
export type AnswerOrigin =
	| { kind: 'record' }
	| { kind: 'survey'; day: string; answers: number; interviews: number }
	| { kind: 'idea'; title: string };

/** Origins by the key of the question. */
export type AnswerOrigins = Readonly<Record<string, AnswerOrigin>>;
