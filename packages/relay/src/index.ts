// @wedsync/relay: the WebSocket relay, its storage and its integrations.
export {};
