/** The parts of a competition's settings, each a page of its own, in the order one sets them up. */
export const setupParts = ['basics', 'timeline', 'tracks', 'eligibility', 'budget', 'rounds', 'screening'] as const;
export type SetupPart = (typeof setupParts)[number];

export const isSetupPart = (text: string): text is SetupPart => (setupParts as readonly string[]).includes(text);
