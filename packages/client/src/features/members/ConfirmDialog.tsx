// One question before something that others notice.
import type { ReactElement } from 'react';
import { messages } from '../../i18n/messages.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';

export type Question = {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly run: () => void;
};

export function ConfirmDialog({
  question,
  onClose,
}: {
  question: Question;
  onClose: () => void;
}): ReactElement {
  return (
    <Dialog
      title={question.title}
      lead={question.text}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button
            kind="primary"
            onClick={() => {
              onClose();
              question.run();
            }}
          >
            {question.confirm}
          </Button>
        </>
      }
    >
      {null}
    </Dialog>
  );
}
