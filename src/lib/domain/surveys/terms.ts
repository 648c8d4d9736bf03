// Plain lists of codes, apart from the schemas, so that pages can use them without carrying the validator.

/** What a survey is for: asking residents what they need, or asking those who came how an activity was. */
export const surveyKinds = ['needs', 'feedback'] as const;

export const surveyStates = ['draft', 'open', 'closed'] as const;

export const questionTypes = ['single', 'multiple', 'scale', 'number', 'text', 'contact'] as const;

/** How old somebody interviewed is, as people say it. */
export const ageBands = ['under_18', '18_39', '40_59', '60_69', '70_79', '80_up', 'unknown'] as const;

/** How an answer came in: by the link, copied from paper, or loaded with earlier records. */
export const responseSources = ['link', 'paper', 'import'] as const;

/** Why an answer may be the same person's twice; a person decides. */
export const responseFlags = ['same_answers', 'same_phone', 'many_from_device'] as const;

/** So many answers from one device are nothing unusual (a shared phone, a worker's tablet). */
export const usualFromDevice = 5;

/** Answers a survey should reach before it counts as having asked enough people. */
export const enoughResponses = 30;

/** From this answer on, on a scale of 1 to 5, somebody counts as satisfied. */
export const satisfiedFrom = 4;
