import { m } from '#lib/i18n/generated/messages.js';

/** A whole level an overall level lies in, in words; 0: not assessed. */
export const bandWords = (band: number): string => (band === 0 ? m.heat_band_none() : band === 5 ? m.heat_band_top() : m.heat_band_level({ from: `${band}.0`, to: `${band}.9` }));
