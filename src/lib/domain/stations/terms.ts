// Plain lists of codes, apart from the schemas, so that pages can use them without carrying the validator.

/** Levels of the network, from the top down. */
export const stationLevels = ['city', 'district', 'street', 'community'] as const;

/** How a station is run: by a contracted agency, by the street itself, or by both. */
export const operatingModes = ['commissioned', 'in_house', 'cooperative'] as const;
