// @wedsync/shared: what a client record is, the document it lives in, and the messages that carry it. Pure.
export {};
