import type { z } from 'zod';
import type { communitySchema, newStationSchema, operatingModes, stationLevels } from './schema.ts';

export type StationLevel = (typeof stationLevels)[number];
export type OperatingMode = (typeof operatingModes)[number];
export type Community = z.infer<typeof communitySchema>;
export type NewStation = z.infer<typeof newStationSchema>;
