// Words of the palette.
export const paletteMessages = {
  title: 'Find or do',
  placeholder: 'A couple, a view, a page or a command',
  nothing: (query: string) => `Nothing is called “${query.trim()}”.`,
  groups: {
    recent: 'Used lately',
    couples: 'Couples',
    views: 'Views',
    pages: 'Pages',
    lists: 'Lists',
    commands: 'Commands',
  },
  openList: (name: string) => `Open the list ${name}`,
  add: 'Add a couple',
  export: 'Export all couples as CSV',
  backup: 'Save a backup file',
  venueCheck: 'Check that this device is ready for the venue',
  scheme: (name: string) => `Appearance: ${name}`,
  newList: 'New list…',
} as const;
