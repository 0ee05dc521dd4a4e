// Seeded random, fake clock and builders for tests; never imported by shipped code.
export { createListPeer, deliver, type ListPeer, syncPeers } from './list-peer.ts';
export { createRandom, type Random } from './random.ts';
export { propertyRuns, propertySettings } from './seed.ts';
