// A couple's photo where their initials would stand; the initials until it is there, and when it never comes.
import { type ReactElement, type ReactNode, useContext, useEffect, useState } from 'react';
import { createPhotoShelf, type PhotoShelf, type PhotoSource } from '../../../session/photo-shelf.ts';
import styles from './Monogram.module.css';
import { PhotoContext } from './photo-context.ts';

const shelves = new WeakMap<PhotoSource, PhotoShelf>();

function shelfOf(source: PhotoSource): PhotoShelf {
  const shelf = shelves.get(source) ?? createPhotoShelf(source);
  shelves.set(source, shelf);
  return shelf;
}

/** The relay tries for hours; a page that stays open asks about as long, less and less often. */
const FIRST_RETRY_MS = 3_000;
const MAX_RETRY_MS = 10 * 60_000;

export type CouplePhotoProps = { readonly address: string; readonly initials: ReactNode };

export function CouplePhoto({ address, initials }: CouplePhotoProps): ReactNode {
  const source = useContext(PhotoContext);
  return source === undefined ? (
    initials
  ) : (
    <Photo key={address} shelf={shelfOf(source)} address={address} initials={initials} />
  );
}

function Photo({
  shelf,
  address,
  initials,
}: CouplePhotoProps & { readonly shelf: PhotoShelf }): ReactElement {
  const [src, setSrc] = useState(() => shelf.now(address));
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    if (src !== undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let waitMs = FIRST_RETRY_MS;
    const load = async (): Promise<void> => {
      clearTimeout(timer);
      const answer = await shelf.load(address);
      if (isOver) return;
      if (answer !== 'later') return setSrc(answer.src);
      timer = setTimeout(() => void load(), waitMs);
      waitMs = Math.min(waitMs * 2, MAX_RETRY_MS);
    };
    const retry = (): void => void load();
    retry();
    addEventListener('online', retry);
    return () => {
      isOver = true;
      clearTimeout(timer);
      removeEventListener('online', retry);
    };
  }, [shelf, address, src]);
  if (src === undefined || isBroken) return <>{initials}</>;
  return <img className={styles.photo} src={src} alt="" draggable={false} onError={() => setBroken(true)} />;
}
