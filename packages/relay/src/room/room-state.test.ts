import { describe, expect, it } from 'vitest';
import { type RoomEvent, type RoomState, stepRoom } from './room-state.ts';

const STATES = {
  'loading 0': { state: 'loading', members: 0 },
  'loading 2': { state: 'loading', members: 2 },
  'live 0': { state: 'live', members: 0 },
  'live 1': { state: 'live', members: 1 },
  'live 2': { state: 'live', members: 2 },
  draining: { state: 'draining' },
  'closed unloaded': { state: 'closed', end: 'unloaded' },
  'closed load-failed': { state: 'closed', end: 'load-failed' },
} satisfies Record<string, RoomState>;

const EVENTS = {
  joined: { type: 'joined' },
  left: { type: 'left' },
  loaded: { type: 'loaded' },
  failed: { type: 'failed', end: 'load-failed' },
  'idle 0': { type: 'idle', unstored: 0 },
  'idle 3': { type: 'idle', unstored: 3 },
  stored: { type: 'stored' },
} satisfies Record<string, RoomEvent>;

/** Every pair: state, then what each event leads to, `=` for no change, with the effects after a colon. */
const TABLE: Record<keyof typeof STATES, Record<keyof typeof EVENTS, string>> = {
  'loading 0': {
    joined: 'loading 1',
    left: '=',
    loaded: 'live 0: admit start-idle',
    failed: 'closed load-failed: close-members forget',
    'idle 0': '=',
    'idle 3': '=',
    stored: '=',
  },
  'loading 2': {
    joined: 'loading 3',
    left: 'loading 1',
    loaded: 'live 2: admit',
    failed: 'closed load-failed: close-members forget',
    'idle 0': '=',
    'idle 3': '=',
    stored: '=',
  },
  'live 0': {
    joined: 'live 1: stop-idle',
    left: '=',
    loaded: '=',
    failed: 'closed load-failed: close-members forget',
    'idle 0': 'closed unloaded: forget',
    'idle 3': 'draining',
    stored: '=',
  },
  'live 1': {
    joined: 'live 2',
    left: 'live 0: start-idle',
    loaded: '=',
    failed: 'closed load-failed: close-members forget',
    'idle 0': '=',
    'idle 3': '=',
    stored: '=',
  },
  'live 2': {
    joined: 'live 3',
    left: 'live 1',
    loaded: '=',
    failed: 'closed load-failed: close-members forget',
    'idle 0': '=',
    'idle 3': '=',
    stored: '=',
  },
  draining: {
    joined: 'live 1',
    left: '=',
    loaded: '=',
    failed: 'closed load-failed: close-members forget',
    'idle 0': '=',
    'idle 3': '=',
    stored: 'closed unloaded: forget',
  },
  'closed unloaded': {
    joined: '=',
    left: '=',
    loaded: '=',
    failed: '=',
    'idle 0': '=',
    'idle 3': '=',
    stored: '=',
  },
  'closed load-failed': {
    joined: '=',
    left: '=',
    loaded: '=',
    failed: '=',
    'idle 0': '=',
    'idle 3': '=',
    stored: '=',
  },
};

function name(state: RoomState): string {
  if (state.state === 'closed') return `closed ${state.end}`;
  return state.state === 'draining' ? 'draining' : `${state.state} ${state.members}`;
}

describe('room states', () => {
  for (const [from, row] of Object.entries(TABLE)) {
    for (const [event, expected] of Object.entries(row)) {
      it(`${from} on ${event} → ${expected}`, () => {
        const state: RoomState = STATES[from as keyof typeof STATES];
        const { next, effects } = stepRoom(state, EVENTS[event as keyof typeof EVENTS]);
        const result = effects.length > 0 ? `${name(next)}: ${effects.join(' ')}` : name(next);
        expect(result).toBe(expected === '=' ? from : expected);
      });
    }
  }
});
