/** The backup's file name, with the day, so that several of them tell themselves apart. */
export function backupName(nowMs: number): string {
  return `wedsync-backup-${new Date(nowMs).toISOString().slice(0, 10)}.json`;
}
