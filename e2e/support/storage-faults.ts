// Ways in which a browser's IndexedDB fails; each is a script for a page's first moment, as text because it runs there.
// What fails only when it is asked for something notes when that was first.

export const STORAGE_FAULTS: readonly (readonly [name: string, script: string])[] = [
  ['never answers', 'IDBFactory.prototype.open = () => new EventTarget();'],
  [
    'fails to open',
    `IDBFactory.prototype.open = () => {
      const request = new EventTarget();
      Object.defineProperty(request, 'error', { value: new DOMException('backing store', 'UnknownError') });
      setTimeout(() => request.onerror?.(new Event('error')));
      return request;
    };`,
  ],
  [
    'is forbidden',
    `Object.defineProperty(globalThis, 'indexedDB', {
      get: () => {
        throw new DOMException('blocked', 'SecurityError');
      },
    });`,
  ],
  [
    'refuses every write',
    `const open = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const made = open.call(this, stores, mode, options);
      if (mode === 'readwrite') {
        globalThis.firstRefusedAt ??= performance.timeOrigin + performance.now();
        setTimeout(() => made.abort());
      }
      return made;
    };`,
  ],
];

/** The last of them: what a disk does that has filled up meanwhile. */
export const REFUSE_WRITES = STORAGE_FAULTS.at(-1)?.[1] ?? '';
