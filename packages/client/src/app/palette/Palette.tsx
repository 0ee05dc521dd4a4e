// One box that finds couples, views, pages and commands: type, arrow keys, Enter.
import { type KeyboardEvent, type ReactElement, useEffect, useId, useMemo, useRef, useState } from 'react';
import { coupleOf, dayText } from '../../features/clients/edit/field-text.ts';
import { paletteMessages as words } from '../../i18n/messages/palette.ts';
import { messages } from '../../i18n/messages.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useClientList } from '../../session/react.ts';
import { cx } from '../../ui/cx.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { bestCouples } from './best-couples.ts';
import styles from './Palette.module.css';
import { findEntries, type PaletteEntry } from './palette-entries.ts';
import { noteRecent, readRecent } from './recent-entries.ts';

type PaletteProps = {
  session: ListSession;
  /** Views, pages, lists and commands. */
  entries: readonly PaletteEntry[];
  onCouple: (recordId: string) => void;
  onClose: () => void;
};

export function Palette({ session, entries, onCouple, onClose }: PaletteProps): ReactElement {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [recent] = useState(() => readRecent(session.listId));
  const couples = useCouplesFound(session, query, recent, onCouple);
  const found = useMemo(
    () => findEntries(query, couples, entries, recent),
    [query, couples, entries, recent],
  );
  const active = Math.min(at, found.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active, found]);

  const choose = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    noteRecent(session.listId, entry.id);
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const count = found.length;
    const to = {
      ArrowDown: (active + 1) % count,
      ArrowUp: (active - 1 + count) % count,
      PageDown: Math.min(active + 8, count - 1),
      PageUp: Math.max(active - 8, 0),
    }[event.key];
    if (event.key === 'Enter') choose(found[active]);
    else if (to === undefined || count === 0) return;
    else setAt(to);
    event.preventDefault();
  };

  const optionId = (index: number): string => `${id}-${index}`;
  return (
    <Dialog title={words.title} closeLabel={messages.close} onClose={onClose} size="medium">
      <input
        role="combobox"
        className={styles.input}
        value={query}
        placeholder={words.placeholder}
        aria-label={words.title}
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active < 0 ? undefined : optionId(active)}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <p role="status" className={styles.none}>
        {found.length === 0 ? words.nothing(query) : ''}
      </p>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={words.title} className={styles.list}>
        {groupsOf(found).map(({ group, from, to }) => (
          <div key={group} role="group" aria-label={words.groups[group]}>
            <p className={styles.heading} aria-hidden="true">
              {words.groups[group]}
            </p>
            {found.slice(from, to).map((entry, offset) => {
              const index = from + offset;
              return (
                <div
                  key={entry.id}
                  id={optionId(index)}
                  role="option"
                  aria-selected={index === active}
                  className={cx(styles.option, index === active && styles.active)}
                  onClick={() => choose(entry)}
                  onPointerMove={() => setAt(index)}
                >
                  <Icon name={entry.icon} size={18} />
                  <span className={styles.label}>{entry.label}</span>
                  {entry.hint !== undefined && <span className={styles.hint}>{entry.hint}</span>}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </Dialog>
  );
}

/** By the list's own search, the best names first; without words those used lately. */
function useCouplesFound(
  session: ListSession,
  query: string,
  recent: readonly string[],
  onCouple: (recordId: string) => void,
): readonly PaletteEntry[] {
  const search = query.trim();
  const { ids } = useClientList(
    session,
    useMemo(() => ({ search }), [search]),
  );
  return useMemo(() => {
    const lately = recent.filter((id) => id.startsWith(PREFIX)).map((id) => id.slice(PREFIX.length));
    const wanted = search === '' ? lately : bestCouples(session.index, search, ids, lately);
    return wanted.flatMap((recordId): PaletteEntry[] => {
      const record = session.index.get(recordId);
      if (record === undefined || record.state === 'absent' || record.state === 'trashed') return [];
      const hint = dayText(record.values.weddingDate);
      return [
        {
          id: `${PREFIX}${recordId}`,
          group: 'couples',
          label: coupleOf(record),
          icon: 'couples',
          ...(hint === undefined ? {} : { hint }),
          run: () => onCouple(recordId),
        },
      ];
    });
  }, [session, search, ids, recent, onCouple]);
}

const PREFIX = 'couple:';

type Run = { readonly group: PaletteEntry['group']; readonly from: number; readonly to: number };

/** Runs of entries of one group, as places in `found`. */
function groupsOf(found: readonly PaletteEntry[]): readonly Run[] {
  const starts = found.flatMap(({ group }, index) =>
    index === 0 || found[index - 1]?.group !== group ? [{ group, from: index }] : [],
  );
  return starts.map((start, index) => ({ ...start, to: starts[index + 1]?.from ?? found.length }));
}
