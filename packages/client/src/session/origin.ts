// Where a transaction of the document came from; decides who writes it to disk and who sends it on.

/** A person's action in this tab: this tab writes it, then it leaves. */
export const LOCAL = Symbol('local');
/** Read from this device's database: already on disk. */
export const LOADED = Symbol('loaded');
/** Another tab of this device: that tab has written it. */
export const TAB = Symbol('tab');
/** The relay: the leading tab writes it. */
export const RELAY = Symbol('relay');
