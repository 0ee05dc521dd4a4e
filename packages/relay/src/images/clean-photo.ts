// Makes a picture from elsewhere into one of ours: decoded, turned upright, made smaller and written anew as WebP.
// Nothing of the original file survives but its colours: no place, camera, comment, second frame or hidden payload.
import { createHash } from 'node:crypto';
import { imageKind } from './image-kind.ts';

export interface CleanPhoto {
  /** SHA-256 of `full`, in hex. */
  readonly sha256: string;
  readonly full: Uint8Array;
  readonly thumb: Uint8Array;
}

export type PhotoProblem = 'photo-not-image' | 'photo-too-large';
export type Cleaned =
  | { readonly ok: true; readonly photo: CleanPhoto }
  | { readonly ok: false; readonly problem: PhotoProblem };

/** A camera of 2026 makes 24 to 61 million; a bomb of a few kilobytes says it has thousands. */
const MAX_PIXELS = 64_000_000;
const MAX_SIDE = 16_000;
const MIN_SIDE = 8;
const FULL_SIDE = 2_048;
const THUMB_SIDE = 256;
const SECONDS = 20;

/** Loaded with the first photo: most relays never see one, and one that cannot load it does everything else. */
async function loadSharp() {
  const { default: sharp } = await import('sharp');
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
  });
  // One core stays with the lists; nothing is asked for twice.
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp;
}
let loading: ReturnType<typeof loadSharp> | undefined;

/** Rejects only when pictures cannot be worked on at all. */
export async function cleanPhoto(bytes: Uint8Array): Promise<Cleaned> {
  const kind = imageKind(bytes);
  if (kind === undefined) return { ok: false, problem: 'photo-not-image' };
  loading ??= loadSharp();
  const sharp = await loading;
  const open = () => sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 });
  try {
    const { format, width, height } = await open().metadata();
    if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS)
      return { ok: false, problem: 'photo-too-large' };
    if (format !== kind || width < MIN_SIDE || height < MIN_SIDE)
      return { ok: false, problem: 'photo-not-image' };
    const full = await open()
      .timeout({ seconds: SECONDS })
      .autoOrient()
      .resize({ width: FULL_SIDE, height: FULL_SIDE, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer();
    const thumb = await sharp(full)
      .resize({ width: THUMB_SIDE, height: THUMB_SIDE, fit: 'cover', position: 'attention' })
      .webp({ quality: 75 })
      .toBuffer();
    const sha256 = createHash('sha256').update(full).digest('hex');
    return { ok: true, photo: { sha256, full, thumb } };
  } catch (error) {
    const isTooLarge = error instanceof Error && /pixel limit/i.test(error.message);
    return { ok: false, problem: isTooLarge ? 'photo-too-large' : 'photo-not-image' };
  }
}
