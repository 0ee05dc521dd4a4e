import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cleanPhoto } from './clean-photo.ts';
import { imageKind } from './image-kind.ts';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#b04a5a' } });

async function cleaned(bytes: Uint8Array) {
  const result = await cleanPhoto(bytes);
  if (!result.ok) throw new Error(result.problem);
  return result.photo;
}

/** A small PNG that says it is as large as asked. */
async function pngThatSays(width: number, height: number): Promise<Uint8Array> {
  const png = await picture(16, 16).png().toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

describe('SEC-1 what is taken as a photo', () => {
  it('SEC-1 tells JPEG, PNG and WebP by their first bytes, and takes nothing else', async () => {
    expect(imageKind(await picture(9, 9).jpeg().toBuffer())).toBe('jpeg');
    expect(imageKind(await picture(9, 9).png().toBuffer())).toBe('png');
    expect(imageKind(await picture(9, 9).webp().toBuffer())).toBe('webp');
    const others = [
      await picture(9, 9).gif().toBuffer(),
      await picture(9, 9).tiff().toBuffer(),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      Buffer.from('<!doctype html><script>alert(1)</script>'),
      Buffer.from('%PDF-1.7'),
      Buffer.from('RIFF....WAVEfmt '),
      Buffer.alloc(0),
    ];
    for (const bytes of others) {
      expect(imageKind(bytes)).toBeUndefined();
      expect(await cleanPhoto(bytes)).toEqual({ ok: false, problem: 'photo-not-image' });
    }
  });

  it('SEC-1 refuses what only begins like a picture, is cut off, or is no picture to look at', async () => {
    const jpeg = await picture(300, 200).jpeg().toBuffer();
    const broken = [
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]),
      jpeg.subarray(0, jpeg.length / 2),
      Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), jpeg]),
      await picture(1, 1).png().toBuffer(),
    ];
    for (const bytes of broken)
      expect(await cleanPhoto(bytes)).toEqual({ ok: false, problem: 'photo-not-image' });
  });

  it('SEC-1 refuses a decompression bomb before it decodes it', async () => {
    for (const bytes of [
      await pngThatSays(50_000, 50_000),
      await pngThatSays(20_000, 10),
      await pngThatSays(15_000, 15_000),
    ])
      expect(await cleanPhoto(bytes)).toEqual({ ok: false, problem: 'photo-too-large' });
  });
});

describe('what is kept', () => {
  it('SEC-1 no metadata and nothing behind the picture, upright, under the hash of its bytes', async () => {
    const jpeg = await picture(40, 20)
      .withExif({
        IFD0: { Artist: 'SECRET-ARTIST', Orientation: '6' },
        IFD3: { GPSLatitude: '51/1 30/1 0/1' },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const photo = await cleaned(Buffer.concat([jpeg, Buffer.from('<script>PAYLOAD</script>')]));
    for (const bytes of [photo.full, photo.thumb]) {
      const { format, exif, xmp, icc } = await sharp(bytes).metadata();
      expect({ format, exif, xmp, icc }).toEqual({
        format: 'webp',
        exif: undefined,
        xmp: undefined,
        icc: undefined,
      });
      expect(Buffer.from(bytes).includes('SECRET-ARTIST')).toBe(false);
      expect(Buffer.from(bytes).includes('PAYLOAD')).toBe(false);
    }
    expect(await sharp(photo.full).metadata()).toMatchObject({ width: 20, height: 40 });
    expect(photo.sha256).toBe(createHash('sha256').update(photo.full).digest('hex'));
  });

  it('a large picture becomes one for screens, with a square thumbnail; a clear background stays', async () => {
    const photo = await cleaned(
      await sharp({ create: { width: 4_000, height: 3_000, channels: 4, background: '#0000' } })
        .png()
        .toBuffer(),
    );
    expect(await sharp(photo.full).metadata()).toMatchObject({ width: 2_048, height: 1_536, hasAlpha: true });
    expect(await sharp(photo.thumb).metadata()).toMatchObject({ width: 256, height: 256 });
  });
});
