import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { z } from 'zod';
import type { Operation } from './api.ts';
import { problemSchema } from './operations/shapes.ts';

const problemAnswer = (description: string) => ({
	description,
	content: { 'application/problem+json': { schema: problemSchema } }
});

const describe = (operation: Operation): ZodOpenApiOperationObject => {
	const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
	const status = String(operation.status ?? (operation.answer ? 200 : 204)) as '200';
	return {
		summary: operation.summary,
		tags: [operation.path.split('/')[1] ?? ''],
		security: operation.access === 'open' ? [] : [{ bearer: [] }],
		requestParams: {
			...(names.length > 0 ? { path: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) } : {}),
			...(operation.query instanceof z.ZodObject ? { query: operation.query } : {}),
			...(operation.idempotent ? { header: z.object({ 'Idempotency-Key': z.string().max(200).optional() }) } : {})
		},
		...(operation.body ? { requestBody: { required: true, content: { 'application/json': { schema: operation.body } } } } : {}),
		responses: {
			[status]: operation.answer
				? { description: 'Done', content: { 'application/json': { schema: operation.answer } } }
				: { description: 'Done' },
			'401': problemAnswer('Not signed in'),
			'403': problemAnswer('Not allowed'),
			'404': problemAnswer('Not there, or not for you to know of'),
			...(operation.body ? { '409': problemAnswer('Stale version, or the state does not allow it') } : {}),
			...(operation.body ? { '422': problemAnswer('Fields are wrong') } : {}),
			'429': problemAnswer('Too many tries; see Retry-After')
		}
	};
};

/** The OpenAPI 3.1 document of the operations. */
export const openApiDocument = (operations: readonly Operation[]) => {
	const paths: ZodOpenApiPathsObject = {};
	for (const operation of operations) {
		const path = (paths[operation.path] ??= {});
		path[operation.method.toLowerCase() as 'get'] = describe(operation);
	}
	return createDocument({
		openapi: '3.1.0',
		info: {
			title: 'Miaopu',
			version: '1.0.0',
			description:
				'The same commands and queries as the pages, with the same rights. Money in integer fen, times in ISO 8601 UTC.'
		},
		servers: [{ url: '/api/v1' }],
		components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
		paths
	});
};
