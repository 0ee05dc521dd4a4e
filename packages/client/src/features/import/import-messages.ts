// What the page and the import worker say to each other.
import type { ColumnMapping, Fields, ImportPlan } from '@wedsync/shared';

export type DateOrderChoice = 'dmy' | 'mdy';

export type ToImportWorker =
  | { readonly type: 'read'; readonly bytes: ArrayBuffer }
  | {
      readonly type: 'plan';
      readonly mapping: readonly ColumnMapping[];
      readonly existing: readonly { readonly id: string; readonly values: Fields }[];
      readonly dateOrder?: DateOrderChoice;
      readonly locale: string;
    };

export type FromImportWorker =
  | {
      readonly type: 'table';
      readonly rowCount: number;
      readonly mapping: readonly ColumnMapping[];
      /** The first filled cell of each column. */
      readonly samples: readonly string[];
    }
  | { readonly type: 'plan'; readonly plan: ImportPlan }
  | { readonly type: 'unreadable' };
