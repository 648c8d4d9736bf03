/** What a browser got: the status, the last address and the text; a file's bytes come as Latin-1 text. */
export type Seen = { status: number; text: string; cacheControl: string };

/** A browser without scripts, signed in with a cookie, or a stranger's. */
export type BrowserClient = { see: (path: string) => Promise<Seen>; /** Sends a form. */ send: (path: string, fields: Record<string, string>) => Promise<Seen> };

/** Streams are looked at for a moment and left. */
const patienceMs = 4000;

const read = async (response: Response): Promise<string> => {
	if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return Buffer.from(await response.arrayBuffer()).toString('latin1');
	const reader = response.body?.getReader();
	const first = await reader?.read();
	await reader?.cancel();
	return Buffer.from(first?.value ?? new Uint8Array()).toString('latin1');
};

const seen = async (response: Response): Promise<Seen> => ({
	status: response.status,
	cacheControl: response.headers.get('cache-control') ?? '',
	text: Buffer.from(await read(response), 'latin1').toString('utf8')
});

export const browserClient = (address: string, cookie = ''): BrowserClient => ({
	see: async (path) => {
		const response = await fetch(address + path, { headers: { cookie, Accept: 'text/html' }, redirect: 'manual', signal: AbortSignal.timeout(patienceMs * 5) });
		return seen(response);
	},
	send: async (path, fields) => {
		const headers = { cookie, Origin: address, Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded' };
		return seen(await fetch(address + path, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) }));
	}
});

/** Signs in by the form. */
export const signInByForm = async (address: string, login: string, password = 'miaopu-demo'): Promise<BrowserClient> => {
	const response = await fetch(`${address}/login`, {
		method: 'POST',
		redirect: 'manual',
		headers: { Origin: address, Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams({ login, password })
	});
	if (response.status !== 303) throw new Error(`Signing in as ${login} failed: ${response.status}`);
	return browserClient(address, response.headers.getSetCookie().map((line) => line.split(';')[0]).join('; '));
};
