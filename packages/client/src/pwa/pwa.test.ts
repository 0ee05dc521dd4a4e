import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAppUpdate } from './app-update.ts';
import { askPersistence, estimateStorage, readPersistence } from './device-storage.ts';
import { createInstall } from './install.ts';

class FakeWorker extends EventTarget {
  readonly messages: unknown[] = [];
  postMessage(message: unknown): void {
    this.messages.push(message);
  }
}
class FakeRegistration extends EventTarget {
  active: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  update = vi.fn(async () => undefined);
}

let registration: FakeRegistration;
let container: EventTarget & { controller: FakeWorker | null; register: () => Promise<FakeRegistration> };
const reload = vi.fn();

beforeEach(() => {
  registration = new FakeRegistration();
  container = Object.assign(new EventTarget(), {
    controller: null as FakeWorker | null,
    register: async () => registration,
  });
  reload.mockClear();
});

const createUpdate = () =>
  createAppUpdate({ container: container as unknown as ServiceWorkerContainer, reload });
/** A new version arrives and waits beside the active one. */
function arrive(): void {
  const worker = new FakeWorker();
  registration.installing = worker;
  registration.dispatchEvent(new Event('updatefound'));
  registration.installing = null;
  registration.waiting = worker;
  worker.dispatchEvent(new Event('statechange'));
}

describe('app update', () => {
  it('LOCAL-7 offers a new version and changes over only when asked', async () => {
    registration.active = new FakeWorker();
    container.controller = registration.active;
    const update = createUpdate();
    await vi.waitFor(() => expect(update.isOfflineReady.value).toBe(true));
    expect(update.state.value).toBe('none');
    arrive();
    expect(update.state.value).toBe('ready');
    expect(update.isReady.value).toBe(true);
    expect(reload).not.toHaveBeenCalled();
    update.apply();
    expect(registration.waiting?.messages).toEqual([{ type: 'SKIP_WAITING' }]);
    container.dispatchEvent(new Event('controllerchange'));
    expect(reload).toHaveBeenCalledTimes(1);
    update.close();
  });

  it('LOCAL-7 does not reload a page because another tab has changed over', async () => {
    registration.active = new FakeWorker();
    container.controller = registration.active;
    const update = createUpdate();
    await vi.waitFor(() => expect(update.isOfflineReady.value).toBe(true));
    container.dispatchEvent(new Event('controllerchange'));
    expect(reload).not.toHaveBeenCalled();
    expect(update.state.value).toBe('elsewhere');
    update.apply();
    expect(reload).toHaveBeenCalledTimes(1);
    update.close();
  });

  it('takes the first installation for what it is', async () => {
    const update = createUpdate();
    await vi.waitFor(() => expect(registration.dispatchEvent(new Event('x'))).toBe(true));
    const worker = new FakeWorker();
    registration.installing = worker;
    registration.dispatchEvent(new Event('updatefound'));
    registration.waiting = worker;
    worker.dispatchEvent(new Event('statechange'));
    expect(update.state.value).toBe('none');
    container.dispatchEvent(new Event('controllerchange'));
    expect(update.state.value).toBe('none');
    update.close();
  });

  it('works without service workers', () => {
    const update = createAppUpdate({ container: undefined, reload });
    update.apply();
    expect(update.state.value).toBe('none');
    update.close();
  });
});

describe('device storage', () => {
  it('LOCAL-6 tells what the browser promises', async () => {
    expect(await readPersistence({ persisted: async () => true })).toBe('granted');
    expect(await readPersistence({})).toBe('unknown');
    expect(await askPersistence({ persist: async () => false })).toBe('denied');
    expect(await askPersistence({ persist: () => Promise.reject(new Error('no')) })).toBe('unknown');
    expect(await estimateStorage({ estimate: async () => ({ usage: 10, quota: 100 }) })).toEqual({
      used: 10,
      quota: 100,
    });
    expect(await estimateStorage({ estimate: async () => ({}) })).toBeUndefined();
  });
});

describe('install', () => {
  const open = (userAgent: string, touchPoints = 0, isStandalone = false) => {
    const target = new EventTarget();
    return { target, install: createInstall({ target, isStandalone, userAgent, touchPoints }) };
  };
  const offer = (outcome: string) =>
    Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: async () => undefined,
      userChoice: Promise.resolve({ outcome }),
    });
  afterEach(() => vi.restoreAllMocks());

  it('knows the installed app, iPhone and iPad, and browsers that offer nothing', () => {
    expect(open('Chrome', 0, true).install.state.value).toBe('installed');
    expect(open('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0)').install.state.value).toBe('by-hand');
    expect(open('Mozilla/5.0 (Macintosh; Intel)', 5).install.state.value).toBe('by-hand');
    expect(open('Mozilla/5.0 (Macintosh; Intel)').install.state.value).toBe('unavailable');
  });

  it('asks with the event of the browser, once per event', async () => {
    const { target, install } = open('Chrome');
    expect(await install.install()).toBe(false);
    target.dispatchEvent(offer('accepted'));
    expect(install.state.value).toBe('promptable');
    expect(await install.install()).toBe(true);
    expect(await install.install()).toBe(false);
    target.dispatchEvent(new Event('appinstalled'));
    expect(install.state.value).toBe('installed');
    target.dispatchEvent(offer('dismissed'));
    expect(await install.install()).toBe(false);
    expect(install.state.value).toBe('unavailable');
  });
});
