/**
 * Owns getting hold of `node:http`. Importing it costs a start 25 ms, and an otherwise empty process
 * 14 MB: a module that is imported hands over all it has, the WebSocket of `node:http` among it, and
 * for that Node runs the whole of its `fetch`. Types of `node:http` are imported as ever.
 */
export const { createServer, request } = process.getBuiltinModule('node:http');
