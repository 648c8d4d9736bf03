import { AppError, invalidField } from '#lib/server/platform/errors.ts';
import { maxFileBytes } from '#lib/server/platform/files.ts';
import { readForm } from './form-data.ts';

/** The file of a form's field with its bytes; 422 at the field when none was chosen. */
export const fileOf = async (form: FormData, field: string): Promise<{ name: string; bytes: Uint8Array }> => {
	const file = form.get(field);
	if (!(file instanceof File) || (file.size === 0 && file.name === '')) throw invalidField(field, 'required');
	return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
};

/**
 * Reads the form of an upload. The server stops reading at its own limit (`BODY_SIZE_LIMIT`), which is told in words
 * (413); smaller bodies are read to their end, because a browser that is still sending never sees an early answer.
 */
export const uploadForm = async (request: Request): Promise<FormData> => {
	try {
		return await readForm(request);
	} catch (error) {
		if (error instanceof AppError && error.kind === 'too_large')
			throw new AppError('too_large', 'upload_too_large', { params: { megabytes: maxFileBytes / 1024 / 1024 } });
		throw error;
	}
};

/** The same for the API, where another content type than multipart is refused (415). */
export const multipart = async (request: Request): Promise<FormData> => {
	if (!/^multipart\/form-data\b/i.test(request.headers.get('content-type') ?? '')) throw new AppError('unsupported_type', 'multipart_expected');
	return uploadForm(request);
};
