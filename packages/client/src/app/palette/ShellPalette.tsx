// The palette of an open list: its views, the pages, the other lists, and what can be done.
import { type ReactElement, useMemo } from 'react';
import { exportCouples } from '../../features/clients/export-couples.ts';
import { type StatusOption, useStatuses } from '../../features/clients/statuses.ts';
import { clientsMessages } from '../../i18n/messages/clients.ts';
import { paletteMessages as words } from '../../i18n/messages/palette.ts';
import { shellMessages } from '../../i18n/messages/shell.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useSubscribable, useUndoState } from '../../session/react.ts';
import { useToasts } from '../../ui/Toasts.tsx';
import type { ToastStore } from '../../ui/toast-store.ts';
import type { ListChoice } from '../ListSwitcher.tsx';
import { MANAGED_PAGES, PAGES } from '../pages.ts';
import { PAGE_NAMES } from '../routes.ts';
import { SCHEMES, writeScheme } from '../scheme.ts';
import { Palette } from './Palette.tsx';
import type { PaletteEntry } from './palette-entries.ts';
import type { ShellCommands } from './shell-commands.ts';

type ShellPaletteProps = {
  session: ListSession;
  lists: readonly ListChoice[];
  canManage: boolean;
  commands: ShellCommands;
  onClose: () => void;
};

const VIEW_ICONS = { all: 'couples', upcoming: 'calendar', attention: 'versions', trash: 'trash' } as const;

export function ShellPalette({
  session,
  lists,
  canManage,
  commands,
  onClose,
}: ShellPaletteProps): ReactElement {
  const toasts = useToasts();
  const statuses = useStatuses(session);
  const canEdit = useSubscribable(session.canEdit);
  const { undo, redo } = useUndoState(session);
  const entries = useMemo(
    () => [
      ...viewEntries(statuses, commands),
      ...PAGE_NAMES.filter((page) => canManage || !MANAGED_PAGES.includes(page)).map(
        (page): PaletteEntry => ({
          id: `page:${page}`,
          group: 'pages',
          ...PAGES[page],
          run: () => commands.onPage(page),
        }),
      ),
      ...lists
        .filter(({ id }) => id !== session.listId)
        .map(
          ({ id, name }): PaletteEntry => ({
            id: `list:${id}`,
            group: 'lists',
            label: words.openList(name),
            icon: 'list',
            run: () => commands.onList(id),
          }),
        ),
      ...commandEntries(session, commands, toasts, { canEdit, undo, redo }),
    ],
    [session, statuses, lists, canManage, canEdit, undo, redo, commands, toasts],
  );
  return <Palette session={session} entries={entries} onCouple={commands.onCouple} onClose={onClose} />;
}

function viewEntries(statuses: readonly StatusOption[], { onView }: ShellCommands): PaletteEntry[] {
  const kinds = ['all', 'upcoming', 'attention', 'trash'] as const;
  return [
    ...kinds.map(
      (kind): PaletteEntry => ({
        id: `view:${kind}`,
        group: 'views',
        label: clientsMessages.views[kind],
        icon: VIEW_ICONS[kind],
        run: () => onView({ kind }),
      }),
    ),
    ...statuses.map(
      ({ id, label }): PaletteEntry => ({
        id: `status:${id}`,
        group: 'views',
        label,
        hint: clientsMessages.statusHeading,
        icon: 'list',
        run: () => onView({ kind: 'status', statusId: id }),
      }),
    ),
  ];
}

type Possible = { canEdit: boolean; undo: string | undefined; redo: string | undefined };

function commandEntries(
  session: ListSession,
  commands: ShellCommands,
  toasts: ToastStore,
  { canEdit, undo, redo }: Possible,
): PaletteEntry[] {
  const entry = (id: string, label: string, icon: PaletteEntry['icon'], run: () => void, hint?: string) => ({
    id: `command:${id}`,
    group: 'commands' as const,
    label,
    icon,
    run,
    ...(hint === undefined ? {} : { hint }),
  });
  return [
    ...(canEdit ? [entry('add', words.add, 'add', commands.onAdd, 'C')] : []),
    ...(undo === undefined
      ? []
      : [entry('undo', shellMessages.undoStep(undo), 'restore', () => commands.onStep('undo'), 'Ctrl Z')]),
    ...(redo === undefined
      ? []
      : [entry('redo', shellMessages.redoStep(redo), 'refresh', () => commands.onStep('redo'), 'Ctrl ⇧ Z')]),
    entry('export', words.export, 'download', () => void exportCouples(session, toasts)),
    entry('backup', words.backup, 'download', commands.onBackup),
    entry('venue', words.venueCheck, 'shield', () => commands.onPage('device')),
    entry('new-list', words.newList, 'add', commands.onNewList),
    ...SCHEMES.map((scheme) =>
      entry(`scheme-${scheme}`, words.scheme(shellMessages.schemes[scheme]), 'sun', () =>
        writeScheme(scheme),
      ),
    ),
    entry('help', shellMessages.help, 'help', commands.onHelp, '?'),
  ];
}
