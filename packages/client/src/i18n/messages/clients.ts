// Words of the list, its rows and its empty states.
import { count } from '../formatters.ts';

export const clientsMessages = {
  search: 'Search couples',
  searchHint: '/',
  clearSearch: 'Clear search',
  add: 'Add couple',
  import: 'Import',
  table: 'Couples',
  sortBy: (column: string) => `Sort by ${column.toLowerCase()}`,
  sort: 'Sort',
  sorts: {
    next: 'Next wedding first',
    couple: 'Names',
    weddingDate: 'Wedding date',
    venue: 'Venue',
    status: 'Status',
    price: 'Price',
  },
  columns: {
    couple: 'Couple',
    weddingDate: 'Wedding',
    venue: 'Venue',
    status: 'Status',
    price: 'Price',
    tags: 'Tags',
    marks: 'State',
  },
  views: {
    all: 'All couples',
    upcoming: 'Upcoming',
    attention: 'To look at',
    trash: 'Trash',
  },
  viewHeading: 'Views',
  statusHeading: 'Status',
  undecided: 'Date to be decided',
  undecidedShort: 'To be decided',
  noDate: 'No date yet',
  noStatus: 'No status',
  past: 'past',
  inDays: (days: number) => {
    if (days === 0) return 'today';
    if (days === 1) return 'tomorrow';
    if (days === -1) return 'yesterday';
    if (days < 0) return `${count(-days, 'day')} ago`;
    return `in ${count(days, 'day')}`;
  },
  unnamed: 'Unnamed couple',
  changeStatus: (couple: string) => `Status of ${couple}`,
  moreTags: (n: number) => `+${n}`,
  marks: {
    conflict: 'Two versions to choose from',
    'edit-delete': 'Deleted by one, edited by another',
    clash: 'Another wedding on this day',
    unsaved: 'Saving…',
    device: 'Saved on this device, not sent yet',
    sent: 'Sent, not stored yet',
    stuck: 'A change here was not accepted',
  },
  isHere: (name: string) => `${name} has this open`,
  results: (n: number) => (n === 0 ? 'No couples found' : `${count(n, 'couple')} shown`),
  empty: {
    all: {
      title: 'Your first couple goes here',
      text: 'A name and a date are enough. Everything else can come later.',
    },
    upcoming: { title: 'Nothing coming up', text: 'Couples with a wedding date from today on stand here.' },
    attention: {
      title: 'Nothing to look at',
      text: 'When two people change the same thing, both versions wait here for you.',
    },
    trash: {
      title: 'The trash is empty',
      text: 'Couples you delete are kept here, so you can bring them back.',
    },
    status: { title: 'No couples here', text: 'Couples move here when you change their status.' },
    search: (query: string) => ({
      title: `No couple matches “${query}”`,
      text: 'Names, venues, tags and e-mail addresses are searched.',
    }),
    opening: 'Opening your list…',
    wiped: (waiting: number) => ({
      title: 'The browser has removed this list from this device',
      text: `It is fetched again as soon as there is a connection.${
        waiting === 0
          ? ' Nothing was waiting to be sent, so nothing is lost.'
          : ` Changes to ${count(waiting, 'couple')} had not been sent yet. If you have a backup file, open it under “This device”.`
      }`,
    }),
    notFetched: {
      title: 'This list is not on this device yet',
      text: 'It will be here as soon as there is a connection.',
    },
    failed: { title: 'The list could not be opened', text: 'What is stored is safe. Reload to try again.' },
  },
  showAll: 'Show all couples',
  restore: 'Bring back',
  deleted: (couple: string) => `${couple} moved to the trash`,
  restored: (couple: string) => `${couple} is back in the list`,
  editFailed: 'This list can only be read here.',
  editCell: (column: string, couple: string) => `${column} of ${couple}`,
  emptyCell: (column: string) => `No ${column.toLowerCase()}`,
  pickDate: 'Pick a date',
  gridHelp: 'Arrow keys move, Enter opens a couple or edits a cell, Escape goes back.',
  addTitle: 'Add a couple',
  addName: 'Names',
  addNamePlaceholder: 'Anna & Béla',
  addNameHint: (first: string, second: string) => `Two people: ${first} and ${second}`,
  addDate: 'Wedding date',
  addDatePlaceholder: '12 June 2027',
  addDateHint: (date: string) => date,
  addSubmit: 'Add',
  addNeedsName: 'Type at least one name.',
  added: (couple: string) => `${couple} added`,
} as const;
