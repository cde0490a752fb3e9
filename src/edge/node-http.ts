// Node's HTTP as it is required: importing it reads all that it exports, and so loads undici for its WebSocket.

export const { Agent, createServer, request, STATUS_CODES } = process.getBuiltinModule('node:http');
