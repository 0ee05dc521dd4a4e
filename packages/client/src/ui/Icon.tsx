// The app's own icons: one 20 × 20 grid, one stroke of 1.5, drawn with the colour of the text around them.
import type { ReactElement } from 'react';

const PATHS = {
  add: 'M10 4v12M4 10h12',
  archive: 'M3.5 4.5h13v3h-13zM4.5 7.5v8h11v-8M8 10.5h4',
  arrowDown: 'M10 4v12M5 11l5 5 5-5',
  arrowUp: 'M10 16V4M5 9l5-5 5 5',
  back: 'M12 4l-6 6 6 6',
  bell: 'M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13L5 14zM8.5 17.5h3',
  calendar: 'M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3M13 3v3',
  check: 'M4 10.5l4 4 8-9',
  chevronDown: 'M5 7.5l5 5 5-5',
  chevronRight: 'M7.5 5l5 5-5 5',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.5 2',
  close: 'M5 5l10 10M15 5L5 15',
  cloudOff: 'M3 3l14 14M7 6.2A5 5 0 0 1 14.6 9a3.5 3.5 0 0 1 1.8 6M13 15.5H6a3.8 3.8 0 0 1-.9-7.5',
  cloud: 'M6 15.5a3.8 3.8 0 0 1-.6-7.6 5 5 0 0 1 9.4 1.1 3.3 3.3 0 0 1-.6 6.5H6z',
  cloudDone: 'M6 15.5a3.8 3.8 0 0 1-.6-7.6 5 5 0 0 1 9.4 1.1 3.3 3.3 0 0 1-.6 6.5H6zM7.5 11l2 2 3-3.6',
  cloudUp:
    'M6 15.5a3.8 3.8 0 0 1-.6-7.6 5 5 0 0 1 9.4 1.1 3.3 3.3 0 0 1-.6 6.5M10 17v-6M7.8 13l2.2-2.2 2.2 2.2',
  copy: 'M7 7h9v9.5H7zM13 7V3.5H4V13h3',
  couples:
    'M7.6 6.2a4.3 4.3 0 1 0 0 7.6M12.4 13.8a4.3 4.3 0 1 0 0-7.6M10 7a4.3 4.3 0 0 1 0 6M10 13a4.3 4.3 0 0 1 0-6',
  device: 'M6 2.5h8v15H6zM9 15h2',
  download: 'M10 3v9M6 9l4 4 4-4M3.5 16.5h13',
  edit: 'M4 16l.8-3.4L13.6 3.8l2.6 2.6-8.8 8.8L4 16z',
  file: 'M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15',
  heart: 'M10 16.5S3.5 12.6 3.5 8A3.4 3.4 0 0 1 10 6.6 3.4 3.4 0 0 1 16.5 8c0 4.6-6.5 8.5-6.5 8.5z',
  help: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM8 8.2a2 2 0 1 1 2.8 1.8c-.6.3-.8.7-.8 1.4M10 13.6v.1',
  history: 'M4 6.5A7 7 0 1 1 3 10M3.5 3.5v3.2h3.2M10 6.5V10l2.5 1.7',
  home: 'M3.5 9L10 3.5 16.5 9v7.5h-13zM8 16.5V12h4v4.5',
  list: 'M7 5.5h9.5M7 10h9.5M7 14.5h9.5M3.6 5.5h.1M3.6 10h.1M3.6 14.5h.1',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  mail: 'M3 5h14v10.5H3zM3.5 5.5L10 11l6.5-5.5',
  map: 'M10 17.5S4.5 12.4 4.5 8.3a5.5 5.5 0 0 1 11 0c0 4.1-5.5 9.2-5.5 9.2zM10 10.2a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  menu: 'M3 6h14M3 10h14M3 14h14',
  minus: 'M4 10h12',
  moon: 'M16.5 11.6A6.8 6.8 0 0 1 8.4 3.5a6.8 6.8 0 1 0 8.1 8.1z',
  more: 'M4 10a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0M9.3 10a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0M14.6 10a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0',
  note: 'M4 3h12v14H4zM7 7h6M7 10h6M7 13h3.5',
  package: 'M3.5 6.5L10 3l6.5 3.5v7L10 17l-6.5-3.5zM3.5 6.5L10 10l6.5-3.5M10 10v7',
  pause: 'M7 4.5v11M13 4.5v11',
  person: 'M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.8 17a6.2 6.2 0 0 1 12.4 0',
  phone:
    'M6.7 3L8.4 6.8 6.6 8.4a9.4 9.4 0 0 0 5 5l1.6-1.8L17 13.3l-.6 3.2c-.1.4-.4.6-.8.6A13 13 0 0 1 2.9 4.4c0-.4.2-.7.6-.8L6.7 3z',
  play: 'M6.5 4.5v11l9-5.5z',
  plug: 'M7 3v4M13 3v4M5 7h10v2.5a5 5 0 0 1-10 0zM10 14.5v3',
  price: 'M3.5 9V3.5H9l8 8-5.5 5.5zM6.5 6.5h.1',
  printer: 'M6 7V3h8v4M6 14H3.5V7h13v7H14M6 11.5h8V17H6z',
  refresh: 'M16 9A6.2 6.2 0 0 0 4.8 6.5M4 11a6.2 6.2 0 0 0 11.2 2.5M4.5 3v3.7h3.7M15.5 17v-3.7h-3.7',
  restore: 'M4 8h8.5a4 4 0 0 1 0 8H8M7 4.5L3.5 8 7 11.5',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  shield: 'M10 2.5l6 2.5v4.5c0 4-2.5 6.5-6 8-3.5-1.5-6-4-6-8V5z',
  signOut: 'M8 3.5H4v13h4M8.5 10h8M13.5 7l3 3-3 3',
  versions: 'M10 2.5l7.5 7.5-7.5 7.5L2.5 10zM10 3v14',
  star: 'M10 3l2.1 4.5 4.9.6-3.6 3.4.9 4.9L10 14l-4.3 2.4.9-4.9L3 8.1l4.9-.6z',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M15.7 4.3l-1.1 1.1M5.4 14.6l-1.1 1.1',
  tag: 'M3.5 9V3.5H9l8 8-5.5 5.5zM6.5 6.5h.1',
  trash: 'M3.5 5.5h13M8 5.5V3.5h4v2M5 5.5l.8 11.5h8.4L15 5.5M8.5 8.5v5.5M11.5 8.5v5.5',
  upload: 'M10 14V5M6 8.5l4-4 4 4M3.5 16.5h13',
  warning: 'M10 3.5l7.5 13h-15zM10 8.5v3.5M10 14.3v.1',
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative picture beside words; with `label` it speaks for itself instead. `size` in CSS pixels. */
export function Icon({
  name,
  size = 20,
  label,
}: {
  name: IconName;
  size?: number;
  label?: string;
}): ReactElement {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
