import { createContext } from 'svelte';

const [read, write] = createContext<() => boolean>();

/** Says whether rows can be moved, added and taken out at once; in an open call each press would be an amendment. */
export const provideArranging = (may: () => boolean): void => void write(may);
export const mayArrange = (): boolean => read()();
