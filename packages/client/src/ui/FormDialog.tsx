// A dialog that asks for something: one form, "Cancel" and the one button that sends it.
import { type ReactElement, type ReactNode, useId } from 'react';
import { messages } from '../i18n/messages.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import styles from './FormDialog.module.css';

type FormDialogProps = {
  title: string;
  /** A line under the title that says what this is about. */
  lead?: ReactNode;
  size?: 'small' | 'medium';
  submitLabel: string;
  /** `danger` for what cannot be taken back. */
  kind?: 'primary' | 'danger';
  isBusy?: boolean;
  onClose: () => void;
  /** Checks what was filled in itself: the browser's own bubbles are off. */
  onSubmit: () => void | Promise<void>;
  /** The fields. */
  children: ReactNode;
  /** What stands below the form and does not belong to it. */
  aside?: ReactNode;
};

export function FormDialog(props: FormDialogProps): ReactElement {
  const { title, lead, size = 'small', submitLabel, kind = 'primary', isBusy = false, onClose } = props;
  const { onSubmit, children, aside } = props;
  const formId = useId();
  return (
    <Dialog
      title={title}
      lead={lead}
      size={size}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button type="submit" form={formId} kind={kind} isBusy={isBusy}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void onSubmit();
        }}
      >
        {children}
      </form>
      {aside}
    </Dialog>
  );
}
