// The first run of an empty list: three ways to start, all done in under a minute.
import type { ReactElement } from 'react';
import { shellMessages as words } from '../i18n/messages/shell.ts';
import { messages } from '../i18n/messages.ts';
import type { ListSession } from '../session/list-session.ts';
import { ContactSheet } from '../ui/ContactSheet.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { useToasts } from '../ui/Toasts.tsx';
import styles from './Welcome.module.css';

type WelcomeProps = { session: ListSession; onAdd: () => void; onImport: () => void };

export function Welcome({ session, onAdd, onImport }: WelcomeProps): ReactElement {
  const toasts = useToasts();
  const addDemo = async (): Promise<void> => {
    const { demoCouples } = await import('./demo-couples.ts');
    const { recordIds } = await session.actions.importRows(demoCouples(new Date()), {
      name: words.demoBatch,
    });
    toasts.show({
      text: words.demoAdded(recordIds.length),
      action: { label: messages.undo, run: () => session.actions.remove(recordIds) },
    });
  };
  return (
    <div className={styles.welcome} data-first-run>
      <ContactSheet frames={['arch', 'rings', 'toast']} chosen={1} className={styles.picture} />
      <h2 className={styles.title}>{words.welcomeTitle}</h2>
      <p className={styles.text}>{words.welcomeText}</p>
      <ul className={styles.choices}>
        <Choice icon="add" title={words.welcomeAdd} text={words.welcomeAddText} onChoose={onAdd} />
        <Choice
          icon="upload"
          title={words.welcomeImport}
          text={words.welcomeImportText}
          onChoose={onImport}
        />
        <Choice
          icon="couples"
          title={words.welcomeDemo}
          text={words.welcomeDemoText}
          onChoose={() => void addDemo()}
        />
      </ul>
    </div>
  );
}

function Choice({
  icon,
  title,
  text,
  onChoose,
}: {
  icon: IconName;
  title: string;
  text: string;
  onChoose: () => void;
}): ReactElement {
  return (
    <li>
      <button type="button" className={styles.choice} onClick={onChoose}>
        <Icon name={icon} size={22} />
        <span className={styles.words}>
          <span className={styles.name}>{title}</span>
          <span className={styles.what}>{text}</span>
        </span>
        <Icon name="chevronRight" size={18} />
      </button>
    </li>
  );
}
