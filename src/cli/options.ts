import { parseArgs, type ParseArgsConfig } from 'node:util';
import { InputError } from './command.ts';

/** `node:util`'s parser with wrong use told in one line. */
export const readOptions = <T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T, positionals = 0) => {
	try {
		const parsed = parseArgs({ args, options, allowPositionals: positionals > 0, strict: true });
		if (parsed.positionals.length > positionals) throw new InputError(`Unexpected: ${parsed.positionals.slice(positionals).join(' ')}`);
		return parsed;
	} catch (error) {
		if (error instanceof InputError) throw error;
		throw new InputError(error instanceof Error ? error.message : String(error));
	}
};

/** A port number from text. */
export const readPort = (text: string): number => {
	const port = Number(text);
	if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InputError(`Not a port: ${text}`);
	return port;
};
