// Seeded random, fake clock and builders for tests; never imported by shipped code.
export {};
