// What the list says when it has no rows: why, and the one thing to do.
import type { ReactElement } from 'react';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import type { CoupleView } from './views.ts';

type CouplesEmptyProps = {
  view: CoupleView;
  search: string;
  onAdd: (() => void) | undefined;
  onShowAll: () => void;
};

export function CouplesEmpty({ view, search, onAdd, onShowAll }: CouplesEmptyProps): ReactElement {
  const query = search.trim();
  if (query !== '') {
    const { title, text } = words.empty.search(query);
    return (
      <EmptyState frames={['empty', 'empty', 'empty']} chosen={1} title={title} text={text}>
        <Button onClick={onShowAll}>{words.showAll}</Button>
      </EmptyState>
    );
  }
  const { title, text } = words.empty[view.kind];
  const frames = FRAMES[view.kind];
  return (
    <EmptyState frames={frames} chosen={1} title={title} text={text}>
      {view.kind === 'all' && onAdd !== undefined && (
        <Button kind="primary" icon="add" onClick={onAdd}>
          {words.add}
        </Button>
      )}
      {view.kind !== 'all' && <Button onClick={onShowAll}>{words.showAll}</Button>}
    </EmptyState>
  );
}

const FRAMES = {
  all: ['arch', 'rings', 'toast'],
  upcoming: ['hills', 'moon', 'aisle'],
  attention: ['rings', 'toast', 'hills'],
  trash: ['empty', 'empty', 'empty'],
  status: ['aisle', 'arch', 'hills'],
} as const;
