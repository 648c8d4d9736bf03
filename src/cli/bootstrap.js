// The one entry of `npm start` and `npm run miaopu`: installs what is missing, builds what is older than its
// sources, and hands over to the built command.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, install, root, say } from './prepare.js';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	say(`Miaopu needs Node 20.19 or newer; this is ${process.versions.node}.`);
	process.exit(1);
}

const [command = '--help', ...rest] = process.argv.slice(2);
const asksForHelp = rest.includes('--help') || rest.includes('-h');
await install();
await build('cli');
const needsPages = ['start', 'build'].includes(command) || (command === 'bench' && rest[0] !== 'store');
if (needsPages && !asksForHelp) await build('app');
if (command !== 'build') {
	const { main } = await import(pathToFileURL(join(root, 'build', 'cli', 'main.js')).href);
	await main([command, ...rest]);
}
