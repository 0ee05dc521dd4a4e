// One member: who, what they may do, and for the owner what can be done about it.
import { GIVEN_ROLES, type GivenRole, type Member } from '@wedsync/shared';
import type { ReactElement } from 'react';
import { membersMessages as words } from '../../i18n/messages/members.ts';
import { SelectField } from '../../ui/Field.tsx';
import { Menu } from '../../ui/Menu.tsx';
import styles from './MembersPage.module.css';

type MemberRowProps = {
  member: Member;
  isSelf: boolean;
  /** The one who looks is the owner. */
  canManage: boolean;
  onRole: (role: GivenRole) => void;
  onRemove: () => void;
  onHandOver: () => void;
};

export const nameOf = (member: Member): string => member.email ?? words.unknownAddress;

export function MemberRow({
  member,
  isSelf,
  canManage,
  onRole,
  onRemove,
  onHandOver,
}: MemberRowProps): ReactElement {
  const name = nameOf(member);
  const isManaged = canManage && member.role !== 'owner';
  return (
    <li className={styles.row}>
      <div className={styles.who}>
        <strong className={styles.name}>{name}</strong>
        {isSelf && <span className={styles.detail}>{words.you}</span>}
      </div>
      {isManaged ? (
        <SelectField
          label={words.roleOf(name)}
          hideLabel
          value={member.role}
          onChange={(event) => onRole(event.currentTarget.value === 'viewer' ? 'viewer' : 'editor')}
        >
          {GIVEN_ROLES.map((role) => (
            <option key={role} value={role}>
              {words.roles[role]}
            </option>
          ))}
        </SelectField>
      ) : (
        <span className={styles.detail}>{words.roles[member.role]}</span>
      )}
      {isManaged && (
        <Menu
          label={words.moreFor(name)}
          icon="more"
          items={[
            { type: 'action', label: words.handOver, icon: 'star', run: onHandOver },
            { type: 'line' },
            { type: 'action', label: words.remove, icon: 'trash', isDanger: true, run: onRemove },
          ]}
        />
      )}
    </li>
  );
}
