/** What an API call answered: the status and the body as JSON (null when there is none). */
export type Answer = { status: number; body: unknown; headers: Headers };

/** A program that uses the API as one person. */
export type ApiClient = {
	get: (path: string) => Promise<Answer>;
	send: (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
	/** Posts a form with files. */
	upload: (path: string, form: FormData) => Promise<Answer>;
};

// A downloaded file is no JSON; its text is answered then.
const asJson = (text: string): unknown => {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
};

const read = async (response: Response): Promise<Answer> => {
	const text = await response.text();
	return { status: response.status, headers: response.headers, body: text === '' ? null : asJson(text) };
};

/** A client of the API; without a token it is a stranger. */
export const apiClient = (address: string, token?: string): ApiClient => {
	const authorization: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
	return {
		get: async (path) => read(await fetch(`${address}/api/v1${path}`, { headers: authorization })),
		send: async (method, path, body, headers = {}) =>
			read(
				await fetch(`${address}/api/v1${path}`, {
					method,
					headers: { ...authorization, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
					body: body === undefined ? undefined : JSON.stringify(body)
				})
			),
		upload: async (path, form) => read(await fetch(`${address}/api/v1${path}`, { method: 'POST', headers: authorization, body: form }))
	};
};

/** Signs in and answers a client with that person's rights. */
export const signInByApi = async (address: string, login: string, password = 'miaopu-demo'): Promise<ApiClient> => {
	const { status, body } = await apiClient(address).send('POST', '/sessions', { login, password });
	if (status !== 201) throw new Error(`Signing in as ${login} failed: ${status} ${JSON.stringify(body)}`);
	return apiClient(address, (body as { token: string }).token);
};

/** The body of an answer that has to have the wanted status. */
export const ok = <Body>({ status, body }: Answer, wanted = 200): Body => {
	if (status !== wanted) throw new Error(`${wanted} was wanted, ${status} answered: ${JSON.stringify(body)}`);
	return body as Body;
};

/** Finds people's clients by their login names; one that is not there yet is a mistake of the test. */
export const clientOf =
	(api: Readonly<Record<string, ApiClient | undefined>>) =>
	(who: string): ApiClient => {
		const client = api[who];
		if (!client) throw new Error(`${who} is not signed in`);
		return client;
	};
