import { qrPath, type QrPath } from '#lib/ui/primitives/qr-code/index.ts';

/** The address of an invitation and its QR code, to be shown once. */
export const invitationLink = (event: { url: URL }, secret: string): { link: string; qr: QrPath } => {
	const link = new URL(`/join/${secret}`, event.url.origin).href;
	return { link, qr: qrPath(link) };
};
