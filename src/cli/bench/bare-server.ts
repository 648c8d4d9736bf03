import { createServer } from 'node:http';

/** A bare server that answers every request with so many bytes: what Node itself can do on this machine now. */
const bytes = Number(process.argv[2] ?? 1000);
const body = Buffer.alloc(bytes, 'x');
const server = createServer((request, response) => {
	request.resume();
	request.on('end', () => {
		response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': body.length });
		response.end(body);
	});
});
server.listen(0, '127.0.0.1', () => {
	const address = server.address();
	process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
});
process.on('disconnect', () => process.exit(0));
