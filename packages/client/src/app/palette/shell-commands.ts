// What the palette asks of the frame around the list.
import type { PageName, View } from '../routes.ts';

export type ShellCommands = {
  readonly onCouple: (recordId: string) => void;
  readonly onView: (view: View) => void;
  readonly onPage: (page: PageName) => void;
  readonly onList: (listId: string) => void;
  readonly onNewList: () => void;
  readonly onAdd: () => void;
  readonly onStep: (direction: 'undo' | 'redo') => void;
  readonly onBackup: () => void;
  readonly onHelp: () => void;
};
