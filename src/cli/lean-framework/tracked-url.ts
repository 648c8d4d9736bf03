const namesOnly = new Set<string | symbol>(['get', 'getAll', 'has']);

/** An address that notes what a load reads of it: the framework loads again when just that has changed. */
class TrackedUrl extends URL {
	readonly #used: () => void;
	readonly #usedParameter: (name: string) => void;
	#parameters: URLSearchParams | undefined;

	constructor(url: URL, used: () => void, usedParameter: (name: string) => void) {
		super(url);
		this.#used = used;
		this.#usedParameter = usedParameter;
	}

	override get href(): string {
		this.#used();
		return super.href;
	}

	override get pathname(): string {
		this.#used();
		return super.pathname;
	}

	override get search(): string {
		this.#used();
		return super.search;
	}

	/** No server ever sees it. */
	override get hash(): string {
		throw new Error('The part of an address behind # is known to the browser only.');
	}

	override get searchParams(): URLSearchParams {
		return (this.#parameters ??= new Proxy(super.searchParams, {
			get: (parameters, key) => {
				const value: unknown = Reflect.get(parameters, key, parameters);
				if (!namesOnly.has(key) || typeof value !== 'function') {
					this.#used();
					return typeof value === 'function' ? (value.bind(parameters) as unknown) : value;
				}
				return (name: string, ...rest: unknown[]): unknown => {
					this.#usedParameter(name);
					return Reflect.apply(value, parameters, [name, ...rest]);
				};
			}
		}));
	}

	override toString(): string {
		return this.href;
	}

	override toJSON(): string {
		return this.href;
	}
}

/** The address given to a load. `used` hears that it was read, `usedParameter` which parameter alone was. */
export const makeTrackable = (url: URL, used: () => void, usedParameter: (name: string) => void): URL => new TrackedUrl(url, used, usedParameter);
