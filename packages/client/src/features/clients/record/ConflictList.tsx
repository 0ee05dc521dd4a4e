// The fields of a record that hold two or more versions: each with its value, who wrote it and when; one tap
// settles it, undoable (UX section 2).
import type { ReactElement } from 'react';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import { messages } from '../../../i18n/messages.ts';
import type { FieldValue, LiveValue, RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { Button } from '../../../ui/Button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { useToasts } from '../../../ui/Toasts.tsx';
import { useTick } from '../../../ui/use-tick.ts';
import { dayText } from '../edit/field-text.ts';
import { displayText } from '../edit/typed-text.ts';
import styles from './ConflictList.module.css';
import { originName, originTime } from './origin.ts';

/** A wrong one of these costs a wedding: marked more strongly. */
const STRONG = new Set(['weddingDate', 'phone', 'email', 'price']);

type ConflictListProps = { session: ListSession; record: RecordView; canEdit: boolean };

export function ConflictList({ session, record, canEdit }: ConflictListProps): ReactElement | null {
  const nowMs = useTick(60_000);
  const toasts = useToasts();
  const fields = Object.keys(record.conflicts);
  if (fields.length === 0) return null;

  const settle = (field: string, value: FieldValue): void => {
    session.actions.resolve(record.id, field, value);
    toasts.show({
      text: words.resolved(labelOf(field), valueText(field, value)),
      action: { label: messages.undo, run: () => void session.actions.undo() },
    });
  };
  return (
    <>
      {fields.map((field) => {
        const versions = record.conflicts[field] ?? [];
        return (
          <section
            key={field}
            className={cx(styles.conflict, STRONG.has(field) && styles.strong)}
            data-field={field}
          >
            <h3 className={styles.title}>
              <Icon name="versions" size={18} />
              {versions.length > 2
                ? words.conflictMany(labelOf(field), versions.length)
                : words.conflictTitle(labelOf(field))}
            </h3>
            <ul className={styles.versions}>
              {versions.map((version, index) => (
                <Version
                  key={`${version.hlc}-${version.actor}`}
                  session={session}
                  field={field}
                  version={version}
                  isShown={index === 0}
                  nowMs={nowMs}
                  onChoose={canEdit ? () => settle(field, version.value) : undefined}
                />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

type VersionProps = {
  session: ListSession;
  field: string;
  version: LiveValue;
  isShown: boolean;
  nowMs: number;
  onChoose: (() => void) | undefined;
};

function Version({ session, field, version, isShown, nowMs, onChoose }: VersionProps): ReactElement {
  const text = valueText(field, version.value);
  return (
    <li className={styles.version}>
      <div className={styles.what}>
        <span className={styles.value}>{text}</span>
        <span className={styles.who}>
          {originName(session, version)} · {words.ago(originTime(version), nowMs)}
          {isShown && ` · ${words.conflictShown}`}
        </span>
      </div>
      {onChoose !== undefined && (
        <Button onClick={onChoose} aria-label={isShown ? words.keepLabel(text) : words.useThisLabel(text)}>
          {isShown ? words.keep : words.useThis}
        </Button>
      )}
    </li>
  );
}

export function labelOf(field: string): string {
  return words.fields[field] ?? field.replace(/^[a-z]+:/, '');
}

/** A value of any field as one short text; a cleared one is "empty". */
export function valueText(field: string, value: FieldValue): string {
  if (value === null) return words.cleared;
  if (field === 'weddingDate') return dayText(value) ?? displayText(field, { values: { [field]: value } });
  return displayText(field, { values: { [field]: value } });
}
