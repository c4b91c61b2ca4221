// The emulator on a free port of the loopback interface: its own command binds every interface. Prints the port, and ends with its input.
import { pathToFileURL } from 'node:url';

const { buildApp } = await import(pathToFileURL(`${process.argv[2]}/node_modules/fauxqs/dist/app.js`).href);
const app = await buildApp({ logger: false, host: '127.0.0.1' });
await app.listen({ host: '127.0.0.1', port: 0 });
console.log(app.server.address().port);
process.stdin.resume().on('end', () => process.exit(0));
