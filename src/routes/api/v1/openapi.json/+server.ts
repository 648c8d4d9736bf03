import { json } from '@sveltejs/kit';
import { openApiDocument } from '#lib/server/http/openapi.ts';
import { allOperations } from '#lib/server/http/operations/index.ts';

let document: ReturnType<typeof openApiDocument> | null = null;

export const GET = () => json((document ??= openApiDocument(allOperations)));
