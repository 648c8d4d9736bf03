/** Commands MongoDB has and this server has not: refused by what is missing, so that nobody looks for a misspelling. */
import { storeError } from '../language/errors.ts';
import type { Command } from './context.ts';

const NOT_OFFERED: Record<string, string[]> = {
	'authentication is': [
		'authenticate',
		'createRole',
		'createUser',
		'dropAllRolesFromDatabase',
		'dropAllUsersFromDatabase',
		'dropRole',
		'dropUser',
		'grantPrivilegesToRole',
		'grantRolesToRole',
		'grantRolesToUser',
		'logout',
		'revokePrivilegesFromRole',
		'revokeRolesFromRole',
		'revokeRolesFromUser',
		'updateRole',
		'updateUser'
	],
	'capped collections are': ['cloneCollectionAsCapped', 'convertToCapped'],
	'geospatial search is': ['geoSearch'],
	'server-side JavaScript is': ['mapReduce', 'mapreduce'],
	'a log file is': ['logRotate'],
	'being stopped by a client is': ['shutdown'],
	'a hash of the whole database is': ['dbHash', 'dbhash'],
	'refusing writes at large is': ['setUserWriteBlockMode']
};

function refuse(what: string): Command {
	return {
		fields: ['*'],
		run() {
			throw storeError('CommandNotSupported', `${what} not offered by this server`);
		}
	};
}

export const NOT_OFFERED_COMMANDS: Record<string, Command> = Object.fromEntries(
	Object.entries(NOT_OFFERED).flatMap(([what, names]) => names.map((name) => [name, refuse(what)]))
);
