/** Connects the modules' reactions to events; called once at start. */
export const wireSubscribers = (): void => {};
