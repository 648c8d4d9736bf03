export { default as QrCode } from './qr-code.svelte';
export { qrPath, type QrPath } from './qr-path.ts';
