// The rows of a record: the day, contacts that can be called, written to and found, the booking, and tags.
import { type ReactElement, type ReactNode, useRef } from 'react';
import { recordMessages as words } from '../../../i18n/messages/record.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { ListSession } from '../../../session/list-session.ts';
import { Icon, type IconName } from '../../../ui/Icon.tsx';
import { displayText } from '../edit/typed-text.ts';
import { labelOf } from './ConflictList.tsx';
import { contactHref } from './contact-href.ts';
import { EditChain, InlineField } from './InlineField.tsx';
import styles from './RecordFields.module.css';
import { TagEditor } from './TagEditor.tsx';

type RecordFieldsProps = { session: ListSession; record: RecordView; canEdit: boolean };

const SECTIONS: readonly { title: string; fields: readonly string[] }[] = [
  { title: words.wedding, fields: ['venue', 'weddingTime'] },
  { title: words.contact, fields: ['email', 'phone'] },
  { title: words.business, fields: ['packageName', 'price', 'leadSource'] },
];

const ACTIONS: Readonly<Record<string, { icon: IconName; label: string }>> = {
  venue: { icon: 'map', label: words.map },
  email: { icon: 'mail', label: words.mail },
  phone: { icon: 'phone', label: words.call },
};

export function RecordFields({ session, record, canEdit }: RecordFieldsProps): ReactElement {
  const chain = useRef(false);
  return (
    <EditChain value={chain}>
      {SECTIONS.map(({ title, fields }) => (
        <FieldSection key={title} title={title}>
          {fields.map((field) => (
            <FieldRow key={field} session={session} record={record} field={field} canEdit={canEdit} />
          ))}
          {title === words.business && (
            <div className={styles.row}>
              <dt>{labelOf('tags')}</dt>
              <dd>
                <TagEditor session={session} record={record} canEdit={canEdit} />
              </dd>
            </div>
          )}
        </FieldSection>
      ))}
    </EditChain>
  );
}

function FieldSection({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <section>
      <h3 className={styles.title}>{title}</h3>
      <dl className={styles.rows}>{children}</dl>
    </section>
  );
}

type FieldRowProps = RecordFieldsProps & { field: string };

function FieldRow({ session, record, field, canEdit }: FieldRowProps): ReactElement {
  const action = ACTIONS[field];
  const href = contactHref(field, displayText(field, record));
  return (
    <div className={styles.row}>
      <dt>{labelOf(field)}</dt>
      <dd>
        <InlineField session={session} record={record} field={field} canEdit={canEdit} />
        {action !== undefined && href !== undefined && (
          <a
            className={styles.action}
            href={href}
            title={action.label}
            aria-label={`${action.label}: ${displayText(field, record)}`}
            {...(field === 'venue' ? { target: '_blank', rel: 'noreferrer' } : {})}
          >
            <Icon name={action.icon} />
          </a>
        )}
      </dd>
    </div>
  );
}
