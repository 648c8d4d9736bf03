import { AppError, invalidField } from '#lib/server/platform/errors.ts';
import { readForm } from './form-data.ts';
import { maxFileBytes } from '#lib/server/platform/files.ts';

/** Room for the other parts of a form around its file. */
const slack = 64 * 1024;

/** Refuses a request that says it is larger than a file may be, before its body is read (413). */
export const mustFit = (request: Request): void => {
	if (Number(request.headers.get('content-length') ?? 0) > maxFileBytes + slack)
		throw new AppError('too_large', 'upload_too_large', { params: { megabytes: maxFileBytes / 1024 / 1024 } });
};

/** The file of a form's field with its bytes; 422 at the field when none was chosen. */
export const fileOf = async (form: FormData, field: string): Promise<{ name: string; bytes: Uint8Array }> => {
	const file = form.get(field);
	if (!(file instanceof File) || (file.size === 0 && file.name === '')) throw invalidField(field, 'required');
	return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
};

/** Reads a multipart request into its form; another content type is refused (415). */
export const multipart = async (request: Request): Promise<FormData> => {
	if (!/^multipart\/form-data\b/i.test(request.headers.get('content-type') ?? '')) throw new AppError('unsupported_type', 'multipart_expected');
	mustFit(request);
	return readForm(request);
};
