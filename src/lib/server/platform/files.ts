import { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import { GridFSBucket, type ObjectId } from 'mongodb';
import { database, toId } from './db/index.ts';
import { AppError, notFound } from './errors.ts';
import { reencodeImage } from './images.ts';
import { sha256 } from './secrets.ts';

/** Largest file taken, bytes. */
export const maxFileBytes = 10 * 1024 * 1024;

const kinds: Record<string, { mime: string; image?: true; office?: true }> = {
	pdf: { mime: 'application/pdf' },
	docx: { mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' },
	xlsx: { mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
	jpg: { mime: 'image/jpeg', image: true },
	jpeg: { mime: 'image/jpeg', image: true },
	png: { mime: 'image/png', image: true }
};

/** What is kept of a file beside its bytes. `owner` says what it hangs on, for rights: `proposal:<id>`. */
export type StoredFile = { id: string; name: string; type: string; bytes: number; digest: string };

const bucket = (): GridFSBucket => new GridFSBucket(database(), { bucketName: 'files' });

const safeName = (name: string): string =>
	name
		// eslint-disable-next-line no-control-regex
		.replace(/[\u0000-\u001f\u007f/\\:*?"<>|]/g, '_')
		.slice(-120) || 'file';

/**
 * Takes a file from a person: its name's ending must be one of those offered and its first bytes must agree
 * (415, naming the file), its size is capped (413). Pictures are encoded anew, which drops EXIF and anything
 * hidden behind the image.
 */
export const storeFile = async (file: { name: string; bytes: Uint8Array }, owner: string): Promise<StoredFile> => {
	const params = { name: file.name };
	if (file.bytes.byteLength > maxFileBytes)
		throw new AppError('too_large', 'file_too_large', { params: { ...params, megabytes: maxFileBytes / 1024 / 1024 } });
	if (file.bytes.byteLength === 0) throw new AppError('unsupported_type', 'file_empty', { params });
	const ending = /\.([a-z0-9]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? '';
	const kind = kinds[ending];
	if (!kind) throw new AppError('unsupported_type', 'file_kind', { params });
	const found = await fileTypeFromBuffer(file.bytes);
	const sameKind = found && kinds[found.ext]?.mime === kind.mime;
	if (!sameKind) throw new AppError('unsupported_type', 'file_not_what_it_says', { params });
	const image = kind.image ? await reencodeImage(file.bytes) : null;
	if (kind.image && !image) throw new AppError('unsupported_type', 'file_image_broken', { params });
	const bytes = image ? image.bytes : file.bytes;
	const type = image ? image.type : kind.mime;
	const name = safeName(image ? file.name.replace(/\.[^.]+$/, image.type === 'image/png' ? '.png' : '.jpg') : file.name);
	const digest = sha256(bytes);
	const id = await new Promise<ObjectId>((resolve, reject) => {
		const upload = bucket().openUploadStream(name, { metadata: { owner, type, digest } });
		Readable.from([Buffer.from(bytes)])
			.pipe(upload)
			.on('finish', () => resolve(upload.id))
			.on('error', reject);
	});
	return { id: id.toHexString(), name, type, bytes: bytes.byteLength, digest };
};

/** Opens a stored file for reading. 404 when it is not there or hangs on something else. */
export const openFile = async (id: string, owner: string): Promise<StoredFile & { stream: Readable }> => {
	const found = await bucket()
		.find({ _id: toId(id) })
		.next();
	if (!found || found.metadata?.owner !== owner) throw notFound();
	return {
		id,
		name: found.filename,
		type: String(found.metadata.type),
		bytes: found.length,
		digest: String(found.metadata.digest),
		stream: bucket().openDownloadStream(found._id)
	};
};

/** Removes a stored file; one that is gone already is no error. */
export const removeFile = async (id: string): Promise<void> => {
	await bucket()
		.delete(toId(id))
		.catch((error: Error) => {
			if (!/not found/i.test(error.message)) throw error;
		});
};
