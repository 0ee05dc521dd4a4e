import { describe, expect, it, vi } from 'vitest';
import { type ChannelPort, createTabChannel, TAB_PROTOCOL } from './channel.ts';

function createNetwork() {
  const ports = new Set<ChannelPort>();
  return (): ChannelPort => {
    const port: ChannelPort = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of ports) if (other !== port) other.onmessage?.({ data: structuredClone(data) });
      },
      close: () => void ports.delete(port),
    };
    ports.add(port);
    return port;
  };
}

describe('tab channel', () => {
  it('reaches the other tabs, with the sender, and nobody after closing', () => {
    const open = createNetwork();
    const [a, b, c] = ['a', 'b', 'c'].map((tabId) => createTabChannel<string>({ name: 'list', tabId, open }));
    const heard: string[] = [];
    for (const tab of [a, b, c])
      tab?.subscribe((message, from) => heard.push(`${tab.tabId}<${from}:${message}`));
    a?.post('hello');
    c?.close();
    a?.post('again');
    expect(heard).toEqual(['b<a:hello', 'c<a:hello', 'b<a:again']);
  });

  it('LOCAL-7 ignores messages of other versions and says when a newer app is open', () => {
    const open = createNetwork();
    const onNewerApp = vi.fn();
    const listener = vi.fn();
    createTabChannel<string>({ name: 'list', open, onNewerApp }).subscribe(listener);
    const other = open();
    for (const data of [
      null,
      'x',
      { v: TAB_PROTOCOL + 1, from: 'z', message: 'new' },
      { v: 0, from: 'z', message: 'old' },
      { v: TAB_PROTOCOL, message: 'anonymous' },
    ])
      other.postMessage(data);
    expect(listener).not.toHaveBeenCalled();
    expect(onNewerApp).toHaveBeenCalledTimes(1);
  });

  it('LOCAL-3 works alone where BroadcastChannel is missing', () => {
    const channel = createTabChannel<string>({ name: 'list', open: undefined });
    expect(channel.isShared).toBe(false);
    channel.post('nobody hears');
    channel.close();
  });
});
