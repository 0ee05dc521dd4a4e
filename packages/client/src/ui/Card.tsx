// A thing with a state as a card in a list: a round mark, its name, what its state is, and what belongs to it.
import type { ReactElement, ReactNode } from 'react';
import styles from './Card.module.css';
import { cx } from './cx.ts';
import { Icon, type IconName } from './Icon.tsx';

type CardProps = {
  icon: IconName;
  tone: 'good' | 'warn' | 'bad' | 'calm' | 'plain';
  title: string;
  /** The level of the title's heading. */
  level: 2 | 3;
  /** Its state in words; what is `<strong>` stands out. */
  state: ReactNode;
  /** At the end of the first line. */
  menu?: ReactNode;
  /** Whether the frame shows the tone too. */
  isLoud?: boolean;
  children: ReactNode;
};

export function Card(props: CardProps): ReactElement {
  const { icon, tone, title, level, state, menu, isLoud = false, children } = props;
  const Heading = `h${level}` as const;
  return (
    <li className={cx(styles.card, styles[tone], isLoud && styles.loud)}>
      <div className={styles.head}>
        <span className={styles.mark}>
          <Icon name={icon} size={18} />
        </span>
        <div className={styles.who}>
          <Heading className={styles.title}>{title}</Heading>
          <p className={styles.state}>{state}</p>
        </div>
        {menu}
      </div>
      {children}
    </li>
  );
}
