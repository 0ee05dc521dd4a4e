// What can be done with the chosen couples. Each is one change of the list and one step of undo.
import { type ReactElement, useState } from 'react';
import { clientsMessages as words } from '../../../i18n/messages/clients.ts';
import { messages } from '../../../i18n/messages.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { Menu } from '../../../ui/Menu.tsx';
import { useToasts } from '../../../ui/Toasts.tsx';
import { exportCouples } from '../export-couples.ts';
import type { StatusOption } from '../statuses.ts';
import styles from './SelectionBar.module.css';
import { TagDialog } from './TagDialog.tsx';

type SelectionBarProps = {
  session: ListSession;
  chosen: readonly string[];
  /** Couples shown, chosen or not. */
  shown: number;
  statuses: readonly StatusOption[];
  canEdit: boolean;
  isTrash: boolean;
  onAll: () => void;
  onClear: () => void;
};

export function SelectionBar(props: SelectionBarProps): ReactElement {
  const { session, chosen, shown, statuses, canEdit, isTrash, onAll, onClear } = props;
  const { actions } = session;
  const toasts = useToasts();
  const [isTagging, setTagging] = useState(false);
  const count = chosen.length;
  const isNone = count === 0;

  const say = (text: string): number =>
    toasts.show({ text, action: { label: messages.undo, run: () => void actions.undo() } });
  const setStatus = ({ id, label }: StatusOption): void => {
    actions.editMany(chosen, { status: id }, words.statusStep(count, label));
    say(words.statusSet(count, label));
  };
  const addTags = (tags: readonly string[]): void => {
    setTagging(false);
    const fields = Object.fromEntries(tags.map((tag) => [`tag:${tag}`, true]));
    actions.editMany(chosen, fields, words.tagStep(count, tags.join(', ')));
    say(words.tagged(count, tags.join(', ')));
  };
  const moveToTrash = (): void => {
    actions.remove(chosen);
    onClear();
    say(words.deletedMany(count));
  };
  const bringBack = (): void => {
    actions.restore(chosen);
    onClear();
    say(words.restoredMany(count));
  };

  return (
    <section className={styles.bar} aria-label={words.selection}>
      <div className={styles.what}>
        <strong>{words.selected(count)}</strong>
        {count < shown && (
          <Button kind="quiet" onClick={onAll}>
            {words.selectAll(shown)}
          </Button>
        )}
        <IconButton icon="close" label={words.clearSelection} className={styles.clear} onClick={onClear} />
      </div>
      <div className={styles.actions}>
        {canEdit && !isTrash && (
          <>
            <Menu
              label={words.setStatus}
              kind="plain"
              isDisabled={isNone}
              items={statuses.map((status) => ({
                type: 'action',
                label: status.label,
                run: () => setStatus(status),
              }))}
            >
              {words.setStatus}
              <Icon name="chevronDown" size={16} />
            </Menu>
            <Button icon="tag" disabled={isNone} onClick={() => setTagging(true)}>
              {words.addTag}
            </Button>
          </>
        )}
        <Button icon="download" disabled={isNone} onClick={() => void exportCouples(session, toasts, chosen)}>
          {words.exportCsv}
        </Button>
        {canEdit && !isTrash && (
          <Button icon="trash" kind="danger" disabled={isNone} onClick={moveToTrash}>
            {words.delete}
          </Button>
        )}
        {canEdit && isTrash && (
          <Button icon="restore" disabled={isNone} onClick={bringBack}>
            {words.restore}
          </Button>
        )}
      </div>
      {isTagging && (
        <TagDialog session={session} count={count} onAdd={addTags} onClose={() => setTagging(false)} />
      )}
    </section>
  );
}
