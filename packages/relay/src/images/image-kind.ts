// What kind of picture some bytes are, by how they begin. What a server or a name says about them counts for nothing.

export type ImageKind = 'jpeg' | 'png' | 'webp';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const RIFF = ascii('RIFF');
const WEBP = ascii('WEBP');

/** Undefined for everything that is not taken, SVG, GIF, TIFF, HEIC and PDF among it. */
export function imageKind(bytes: Uint8Array): ImageKind | undefined {
  const has = (sign: readonly number[], at = 0) => sign.every((byte, index) => bytes[at + index] === byte);
  if (has(JPEG)) return 'jpeg';
  if (has(PNG)) return 'png';
  return has(RIFF) && has(WEBP, 8) ? 'webp' : undefined;
}
