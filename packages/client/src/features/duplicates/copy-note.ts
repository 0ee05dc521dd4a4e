// A note is a document of its own: what was written about the couple that goes is added to the note of the one that
// stays. The other note stays where it is, for when the merge is taken back.
import type { ListSession } from '../../session/list-session.ts';
import type { NoteHandle } from '../../session/note-handle.ts';

export async function copyNote(
  session: Pick<ListSession, 'notes'>,
  fromId: string,
  toId: string,
): Promise<void> {
  const [from, to] = [session.notes(fromId), session.notes(toId)];
  try {
    await Promise.all([whenRead(from), whenRead(to)]);
    const [text, there] = [from.text.value.trim(), to.text.value.trimEnd()];
    if (text !== '' && !there.includes(text)) to.apply(there === '' ? text : `${there}\n\n${text}`);
  } finally {
    from.close();
    to.close();
  }
}

function whenRead({ state }: NoteHandle): Promise<void> {
  if (state.value !== 'loading') return Promise.resolve();
  return new Promise((resolve) => {
    const end = state.subscribe((now) => {
      if (now === 'loading') return;
      end();
      resolve();
    });
  });
}
