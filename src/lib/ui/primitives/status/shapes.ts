/** State marks on a 16-unit grid, filled, each told apart without colour. */
export const statusShapes = {
	ring: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 2a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z',
	half: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 2v9a4.5 4.5 0 0 1 0-9Z',
	dot: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z',
	check: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm-1 9.4L3.9 7.8l1.2-1.2L7 8.5l3.9-3.9 1.2 1.2Z',
	cross: 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3Zm-.6 4.3L6.9 8l-2.2 2.2 1.1 1.1L8 9.1l2.2 2.2 1.1-1.1L9.1 8l2.2-2.2-1.1-1.1L8 6.9 5.8 4.7Z',
	triangle: 'M8 1.5.8 14.5h14.4Zm-.9 4.7h1.8v4H7.1Zm0 5h1.8v1.7H7.1Z',
	clock: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm-.9 2.8h1.7v3.4l2.3 1.9-1.1 1.3-2.9-2.4Z',
	coin: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5.7 5.7h4.6v4.6H5.7Z',
	pause: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5.5 5h1.8v6H5.5Zm3.2 0h1.8v6H8.7Z',
	return: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM7.2 4.7v1.9H11v4.2H9.3V8.3H7.2v1.9L4 7.450Z',
	flag: 'M3.5 1.5h1.7v.9h8.3l-2 3.1 2 3.1H5.2v5.9H3.5Z'
} as const;

/** The name of a state mark. */
export type StatusShape = keyof typeof statusShapes;
