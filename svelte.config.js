import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
	kit: {
		// Most pages have no scripts: the table of all routes would be dead weight on those that do.
		router: { resolution: 'server' },
		adapter: adapter({ out: 'build/app', precompress: true }),
		csp: {
			mode: 'auto',
			directives: {
				'default-src': ['self'],
				'img-src': ['self', 'data:', 'blob:'],
				'style-src': ['self'],
				// The one style attribute there is: SvelteKit's own page announcer.
				'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
				'object-src': ['none'],
				'base-uri': ['self'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		},
		// The framework's own check would keep programs from uploading through the API; `http/origin-check.ts` takes its place.
		csrf: { trustedOrigins: ['*'] },
		serviceWorker: { register: false },
		version: { pollInterval: 0 }
	}
};
