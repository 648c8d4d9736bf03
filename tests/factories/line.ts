import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A line to a server that can be cut and mended: a dead network as the browser and its service workers both feel it,
 * which the browser's own offline mode is not.
 */
export const cuttableLine = async (target: string) => {
	const { hostname, port } = new URL(target);
	const open = new Set<Socket>();
	let whole = true;
	const server = createServer((near) => {
		if (!whole) return near.destroy();
		const far = createConnection({ host: hostname, port: Number(port) });
		for (const [one, other] of [[near, far], [far, near]] as const) {
			open.add(one);
			one.on('error', () => other.destroy());
			one.on('close', () => {
				open.delete(one);
				other.destroy();
			});
			one.pipe(other);
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		cut: (): void => {
			whole = false;
			for (const socket of open) socket.destroy();
		},
		mend: (): void => {
			whole = true;
		},
		close: (): Promise<void> =>
			new Promise((resolve) => {
				for (const socket of open) socket.destroy();
				server.close(() => resolve());
			})
	};
};
